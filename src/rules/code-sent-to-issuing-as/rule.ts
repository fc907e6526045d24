import { readPlace } from '../../protocol/url.ts';
import type { AuthorizationServerDocument, Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { type BoundExchange, codeExchanges, requestBehind } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 9207 section 1, mix-up: a code goes to the token endpoint of the server that was asked for it, and to no other. */
export const rule = defineRule({
  id: 'code-sent-to-issuing-as',
  title: 'Authorization code sent to another authorization server',
  party: 'client',
  level: 'error',
  since: '2026-07-28',
  spec: [
    mcp('2026-07-28', 'mix-up-attacks', 'security-considerations'),
    mcp('2026-07-28', 'authorization-response-validation'),
    rfc(9207, '1'),
  ],
  fix: 'Record the issuer with each authorization request, and send the code to the token endpoint of that issuer alone.',
  *judge(story) {
    const documents = new Endpoints(story);
    for (const bound of codeExchanges(story)) {
      const judgement = judge(story, documents, bound);
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, documents: Endpoints, { by, grant, server }: BoundExchange): Judgement | null {
  const subject = server.url;
  const { authorization } = grant;
  // Without the request there is nothing to hold the code exchange against; other rules say that it is missing.
  if (!authorization || !by.request.code) return null;
  const sentTo = endpointOf(by.exchange.url);
  const askedAt = endpointOf(authorization.exchange.url);
  const issuers = documents.issuersAsked(askedAt);
  const seen = [
    evidence(by.exchange, 'request.url', sentTo ?? ''),
    evidence(authorization.exchange, 'request.url', askedAt ?? ''),
  ];
  if (issuers.some(({ metadata }) => endpointOf(metadata.tokenEndpoint) === sentTo)) {
    return {
      kind: 'pass',
      subject,
      message: 'The code went to the authorization server that was asked for it.',
      evidence: seen,
    };
  }
  const [issuer] = issuers;
  const receiver = documents.receiver(sentTo);
  const lost = story.unreadMetadata.length > 0;
  if (!issuer || !receiver || lost || !requestBehind(grant, by)) {
    const message = 'Whose endpoints these are is not in the log.';
    return { kind: 'open', subject, message, evidence: seen, missing: ['authorization-server-metadata'] };
  }
  const disclosed = by.exchange.response.status > 0;
  return {
    kind: 'fail',
    level: levelSince(server, '2026-07-28', 'error', disclosed),
    subject,
    message: `The code was asked for at ${issuer.metadata.issuer} and sent to ${receiver.metadata.issuer}${sinceWords(server, '2026-07-28')}.`,
    evidence: [
      ...seen,
      evidence(issuer.exchange, 'response.content', `token_endpoint=${issuer.metadata.tokenEndpoint ?? ''}`),
    ],
  };
}

/** Metadata documents by their endpoints, each pair of endpoints of one issuer once. */
class Endpoints {
  readonly #asked = new Map<string | null, AuthorizationServerDocument[]>();
  readonly #receivers = new Map<string | null, AuthorizationServerDocument>();

  constructor(story: Story) {
    const known = new Set<string>();
    for (const document of story.authorizationServers.flatMap(({ metadata }) => metadata)) {
      const { issuer, authorizationEndpoint, tokenEndpoint } = document.metadata;
      const key = JSON.stringify([issuer, authorizationEndpoint, tokenEndpoint]);
      if (known.has(key)) continue;
      known.add(key);
      const asked = endpointOf(authorizationEndpoint);
      const there = this.#asked.get(asked);
      if (there) there.push(document);
      else this.#asked.set(asked, [document]);
      const token = endpointOf(tokenEndpoint);
      if (!this.#receivers.has(token)) this.#receivers.set(token, document);
    }
  }

  issuersAsked(endpoint: string | null): readonly AuthorizationServerDocument[] {
    return endpoint === null ? [] : (this.#asked.get(endpoint) ?? []);
  }

  receiver(endpoint: string | null): AuthorizationServerDocument | null {
    return endpoint === null ? null : (this.#receivers.get(endpoint) ?? null);
  }
}

function endpointOf(url: string | null): string | null {
  return url === null ? null : (readPlace(url)?.endpoint ?? null);
}
