import { originOf } from '../protocol/url.ts';
import { isAbsent } from './gateways.ts';
import { documentsFor } from './issuer-documents.ts';
import type { Call, Server, Story } from './model.ts';
import { speaks } from './revisions.ts';
import { type SignInStep, signInSteps } from './sign-in-steps.ts';

/**
 * The first step of a sign-in for a server at an authorization server whose metadata the log does not show (cause C1):
 * it was kept from before, configured, or its body was not recorded. Null where there is a document, where a fetch says
 * that there is none, and where nobody signed in.
 */
export function stepWithoutMetadata(story: Story, server: Server): SignInStep | null {
  if (documentsFor(story, server).length > 0) return null;
  const step = signInSteps(story, server).find(({ kind }) => kind !== 'refresh');
  if (!step) return null;
  const origin = originOf(step.exchange.url);
  const absent = story.discovery.some(
    ({ exchange, kind }) => kind !== 'protected-resource' && originOf(exchange.url) === origin && isAbsent(exchange),
  );
  return absent ? null : step;
}

/**
 * The refusal of a server that has protected resource metadata which the log does not show (cause C2): its challenge
 * names it, or somebody signed in for it, and no fetch was answered with a document or with its absence. Null otherwise.
 */
export function refusalWithoutMetadata(story: Story, server: Server): Call | null {
  const [refused] = server.refused;
  if (server.metadata.length > 0 || !refused || speaks(server, '2025-06-18') === false) return null;
  const naming = server.refused.find(({ challenge }) => challenge?.resourceMetadata != null);
  if (!naming && signInSteps(story, server).length === 0) return null;
  const absent = story.discovery.some(({ exchange, servers }) => servers.includes(server) && isAbsent(exchange));
  return absent ? null : (naming ?? refused);
}
