import { originOf } from '../../../protocol/url.ts';
import { isDecided } from '../../../story/answers.ts';
import type { Server, Story } from '../../../story/model.ts';
import type { Judgement } from '../../rule.ts';
import { signInSteps, stepOf } from '../authorization/sign-in.ts';
import { documentsFor } from './issuer-metadata.ts';

/**
 * A sign-in for a server at an authorization server whose metadata the log does not show (cause C1): it was
 * kept from before, configured, or its body was not recorded. Null where there is a document, where every
 * fetch says that there is none, and where nobody signed in.
 */
export function unseenIssuerMetadata(story: Story, server: Server): Judgement | null {
  if (documentsFor(story, server).length > 0) return null;
  const step = signInSteps(story, server).find(({ kind }) => kind !== 'refresh');
  if (!step) return null;
  const origin = originOf(step.exchange.url);
  const absent = story.discovery.some(
    ({ exchange, kind }) =>
      kind !== 'protected-resource' &&
      originOf(exchange.url) === origin &&
      isDecided(exchange) &&
      exchange.response.status !== 200,
  );
  if (absent) return null;
  return {
    kind: 'open',
    subject: server.url,
    message: "The authorization server's metadata is not in the log.",
    evidence: [stepOf(step)],
    missing: ['authorization-server-metadata'],
  };
}
