import { endpointOf, parseUrl } from '../../protocol/url.ts';
import { heededFrom } from '../../story/heeded.ts';
import { type IssuerDocument, issuerDocuments } from '../../story/issuer-documents.ts';
import type { Story } from '../../story/model.ts';
import { isPlaintext } from '../../story/plaintext.ts';
import { signInSteps } from '../../story/sign-in-steps.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { stepOf } from '../shared/authorization/sign-in.ts';
import { unseenIssuerMetadata } from '../shared/discovery/unseen-metadata.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { bestPractices } from '../shared/spec/discovery-links.ts';

/** A client opens the authorization endpoint: a scheme other than https may run code in its place. */
export const rule = defineRule({
  id: 'authorization-endpoint-scheme',
  title: 'The authorization endpoint has a dangerous scheme',
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [bestPractices('oauth-authorization-url-validation')],
  fix: 'Open an authorization endpoint only when its scheme is https, or http on this machine.',
  *judge(story) {
    for (const known of issuerDocuments(story)) yield* judge(story, known);
    for (const server of story.servers) {
      const unseen = unseenIssuerMetadata(story, server);
      if (unseen) yield unseen;
    }
  },
});

function* judge(story: Story, { server, document }: IssuerDocument): Generator<Judgement> {
  const { exchange, metadata } = document;
  const endpoint = metadata.authorizationEndpoint;
  if (endpoint === null) return;
  const scheme = schemeOf(endpoint);
  const judged = { subject: server.url, occasion: endpointOf(exchange.url) };
  const given = memberOf(exchange, 'authorization_endpoint', `authorization_endpoint: ${endpoint}`);
  const since = heededFrom(exchange);
  const level = levelSince(server, '2025-11-25', 'error');
  const words = sinceWords(server, '2025-11-25');
  const opened = signInSteps(story, server).find(
    (step) =>
      step.kind === 'authorization' &&
      step.exchange.sent >= since &&
      endpointOf(step.exchange.url) === endpointOf(endpoint),
  );
  if (scheme === 'safe') {
    if (opened)
      yield {
        ...judged,
        kind: 'pass',
        message: 'The client opened an authorization endpoint with a safe scheme.',
        evidence: [stepOf(opened), given],
      };
    return;
  }
  if (scheme === 'dangerous') {
    const message = `The metadata gives ${quoted(endpoint)} as the authorization endpoint, which is no web address${words}.`;
    yield {
      ...judged,
      kind: 'fail',
      level,
      party: 'authorization-server',
      message,
      evidence: [given],
      fix: 'Publish an https address as authorization_endpoint.',
    };
  }
  if (opened) {
    const message = `The client opened ${quoted(endpointOf(endpoint))}, which is not encrypted, to sign the user in${words}.`;
    yield { ...judged, kind: 'fail', level, message, evidence: [stepOf(opened), given] };
    return;
  }
  const message = `Whether the client opened ${quoted(endpoint)} is not in the log.`;
  yield { ...judged, kind: 'open', message, evidence: [given], missing: ['authorization-request'] };
}

/** `plain`: http to another machine, of which the metadata's own fault is told by the rule of encrypted endpoints. */
function schemeOf(endpoint: string): 'safe' | 'plain' | 'dangerous' {
  if (isPlaintext(endpoint)) return 'plain';
  const protocol = parseUrl(endpoint)?.protocol;
  return protocol === 'https:' || protocol === 'http:' ? 'safe' : 'dangerous';
}
