import { formField } from '../../protocol/form.ts';
import { isSameIssuer } from '../../story/issuers.ts';
import type { Chain, Server, Story, Token, TokenExchange } from '../../story/model.ts';
import { holdsFor } from '../../story/revisions.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { isKnownIssuer, ownsEndpoint } from '../shared/issuer-binding/client-use.ts';
import { everNamed } from '../shared/issuer-binding/migration.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { DISCOVERY_PAGE, REGISTRATION_PAGE } from '../shared/spec/registration-links.ts';

/** A refresh token goes back to the authorization server that issued it, and to no other. */
export const rule = defineRule({
  id: 'refresh-to-issuing-as',
  title: 'Refresh token sent to another authorization server',
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'authorization-server-location', DISCOVERY_PAGE),
    mcp('2026-07-28', 'authorization-server-binding', REGISTRATION_PAGE),
    mcp('2025-11-25', 'token-theft'),
    rfc(6749, '6'),
    rfc(6749, '10.4'),
    rfc(9700, '4.4'),
  ],
  fix: 'Keep refresh tokens by the issuer that gave them, and send them to its token endpoint alone.',
  *judge(story) {
    const tokens = new Map(story.tokens.filter(({ kind }) => kind === 'refresh').map((token) => [token.value, token]));
    for (const chain of story.chains) if (chain.server) yield* judgeChain(story, chain, chain.server, tokens);
  },
});

/** Faults one by one; a chain without any passes once. */
function* judgeChain(
  story: Story,
  chain: Chain,
  server: Server,
  tokens: ReadonlyMap<string, Token>,
): Generator<Judgement> {
  let good: Judgement | null = null;
  let clean = true;
  for (const refresh of chain.grants.flatMap(({ refreshes }) => refreshes)) {
    const value = refresh.request.refreshToken;
    const from = value === null ? null : (tokens.get(value)?.issuedBy ?? null);
    const judgement = judge(story, refresh, from, server);
    if (judgement?.kind === 'pass') good ??= judgement;
    else if (judgement) {
      clean = false;
      yield judgement;
    }
  }
  if (clean && good) yield good;
}

function judge(story: Story, refresh: TokenExchange, from: TokenExchange | null, server: Server): Judgement | null {
  const subject = server.url;
  const sent = tokenIn(refresh);
  if (!from) {
    // Nothing points elsewhere: only with a second authorization server is there a question.
    if (everNamed(server).size < 2) return null;
    const message = 'Which authorization server issued the refresh token is not in the log.';
    return { kind: 'open', subject, message, evidence: [sent], missing: ['token-response'] };
  }
  const seen = [sent, tokenAnswerOf(from)];
  if (isSameIssuer(from.issuer, refresh.issuer) || ownsEndpoint(story, from.issuer, refresh.exchange.url)) {
    return {
      kind: 'pass',
      subject,
      message: 'The refresh token went back to the authorization server that issued it.',
      evidence: seen,
    };
  }
  if (!isKnownIssuer(story, from.issuer) || !isKnownIssuer(story, refresh.issuer)) {
    const message = `The refresh token came from ${from.issuer} and went to ${refresh.issuer}; whether that is one authorization server is in its metadata, which is not in the log.`;
    return { kind: 'open', subject, message, evidence: seen, missing: ['authorization-server-metadata'] };
  }
  const asked = holdsFor(server, '2025-11-25');
  return {
    kind: 'fail',
    // The token is in other hands now: never a mere note (contract.md, law 1).
    level: asked ? 'error' : 'warning',
    subject,
    message: `The refresh token that ${from.issuer} issued was sent to ${refresh.issuer}${asked ? '' : ' (RFC 6749; MCP says so from 2025-11-25)'}.`,
    evidence: seen,
  };
}

/** Where the token stands in the request; its value is in no note. */
function tokenIn({ exchange, request }: TokenExchange): Evidence {
  return evidence(
    exchange,
    'request.postData',
    `refresh_token, to ${exchange.url}`,
    formField(request.params, 'refresh_token')?.range ?? null,
  );
}
