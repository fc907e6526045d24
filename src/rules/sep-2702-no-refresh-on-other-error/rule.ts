import { includesAll } from '../../protocol/scope.ts';
import { isHeeded } from '../../story/heeded.ts';
import { heldScopes } from '../../story/held-scopes.ts';
import type { Call, Chain, Grant, Server, Story, TokenExchange } from '../../story/model.ts';
import { isRefusedProbe } from '../../story/probes.ts';
import { callsBefore } from '../../story/queries.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, refusalOf, tokenRequestOf } from '../shared/evidence/evidence.ts';
import { widened } from '../shared/recovery/widened.ts';
import { rfc, SEP_2702 } from '../shared/spec/links.ts';

/** A refresh mends a dead token, and nothing else. */
export const rule = defineRule({
  id: 'sep-2702-no-refresh-on-other-error',
  title: 'A refresh follows an error that it cannot mend',
  party: 'client',
  level: 'warning',
  since: null,
  spec: [SEP_2702, rfc(6749, '6'), rfc(6750, '3.1')],
  fix: 'Refresh only when a 401 says invalid_token (or nothing), or when the token is about to expire.',
  *judge(story) {
    for (const chain of story.chains) {
      const { server } = chain;
      if (!server) continue;
      for (const grant of chain.grants) {
        for (const refresh of grant.refreshes) {
          const judgement = judge(story, chain, server, grant, refresh);
          if (judgement) yield judgement;
        }
      }
    }
  },
});

/** How far back a refusal, and a server's error, can have caused a refresh, milliseconds. */
const REFUSAL_WINDOW = 30_000;
const ERROR_WINDOW = 5000;
/** A token with less time than this left may be refreshed at any time, milliseconds. */
const DUE = 120_000;

function judge(story: Story, chain: Chain, server: Server, grant: Grant, refresh: TokenExchange): Judgement | null {
  const cause = causeOf(chain, server, refresh);
  if (!cause) return null;
  const subject = server.url;
  const { call, before } = cause;
  const token = story.tokens.find(({ value }) => value === call.credential) ?? null;
  const seen = [tokenRequestOf(refresh), refusalOf(call)];
  const due =
    token?.expiresAt !== null && token?.expiresAt !== undefined && token.expiresAt - refresh.exchange.sent < DUE;
  const pass = (message: string): Judgement => ({ kind: 'pass', subject, message, evidence: seen });
  if (call.status === 401) {
    const error = call.challenge?.error ?? null;
    if (error === null || error === 'invalid_token') return pass('The refresh follows a 401 for the token.');
    if (error === 'use_dpop_nonce') return null;
    return fail(
      subject,
      `The server answered 401 ${error}, which a refresh cannot mend, and the client refreshed`,
      seen,
    );
  }
  if (before > REFUSAL_WINDOW || due) return pass('The token was due for a refresh anyway.');
  if (call.status === 403) {
    const challenged = call.challenge?.scope ?? null;
    const held = heldScopes(grant, token);
    if (challenged === null || held === null) {
      const message =
        'The client refreshed after insufficient_scope; what was challenged or granted is not in the log.';
      return {
        kind: 'open',
        subject,
        message,
        evidence: seen,
        missing: [held === null ? 'token-response' : 'challenge-scope'],
      };
    }
    if (includesAll(held, challenged))
      return pass('The grant held the challenged scopes, so a fresh token could help.');
    if (widened(server, call, refresh)) return pass('The refresh brought the challenged scopes.');
    return fail(
      subject,
      'The server answered 403 insufficient_scope, which a refresh cannot mend, and the client refreshed',
      seen,
    );
  }
  const status = [tokenRequestOf(refresh), evidence(call.exchange, 'response.status', String(call.status))];
  if (token?.expiresAt === null || token?.expiresAt === undefined) {
    const message = `The client refreshed after a ${call.status}; when its token expires is not in the log.`;
    return { kind: 'open', subject, message, evidence: status, missing: ['token-lifetime'] };
  }
  return fail(
    subject,
    `The server answered ${call.status}, and the client refreshed a token that was still good`,
    status,
  );
}

function fail(subject: string, what: string, seen: Judgement['evidence']): Judgement {
  return {
    kind: 'fail',
    subject,
    message: `${what}; proposed behaviour (SEP-2702 draft): refresh only for invalid_token.`,
    evidence: seen,
  };
}

/** The latest failed call before the refresh, unless another token request or a success with the same token stands between. */
function causeOf(
  chain: Chain,
  server: Server,
  refresh: TokenExchange,
): { readonly call: Call; readonly before: number } | null {
  const at = refresh.exchange.sent;
  const earlier = chain.grants
    .flatMap((grant) => [grant.token, ...grant.refreshes])
    .filter((exchange) => exchange !== null && exchange !== refresh && exchange.exchange.sent < at);
  const since = Math.max(...earlier.map((exchange) => exchange?.exchange.sent ?? 0), 0);
  let scanned = 0;
  for (const call of callsBefore(server, at)) {
    const { answered, sent } = call.exchange;
    scanned += 1;
    if (sent < since || scanned > 50 || at - answered > REFUSAL_WINDOW) return null;
    if (!isHeeded(call.exchange, at) || call.credential === null) continue;
    if (call.status === 401 || (call.status === 403 && call.challenge?.error === 'insufficient_scope'))
      return { call, before: at - answered };
    const serverError =
      call.exchange.method === 'POST' && (call.status === 404 || call.status >= 500) && !isRefusedProbe(call);
    if (serverError && at - answered <= ERROR_WINDOW) return { call, before: at - answered };
    if (call.status >= 200 && call.status < 300 && call.operation !== null) return null;
  }
  return null;
}
