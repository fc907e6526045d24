import type { Chain, Server, TokenExchange } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { saysNoToken } from '../shared/token-endpoint/token-exchanges.ts';

/** A refresh request whose token is a word for "none" shows that the client assumed one. */
export const rule = defineRule({
  id: 'sep-2207-no-assume-refresh-token',
  title: 'The client refreshes with a refresh token it never got',
  party: 'client',
  level: 'error',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'refresh-tokens'), rfc(6749, '1.5')],
  fix: 'Keep a refresh token only if the token response holds one, and sign in again without it.',
  *judge(story) {
    for (const chain of story.chains) {
      if (chain.server) yield* judge(chain, chain.server);
    }
  },
});

function* judge(chain: Chain, server: Server): Generator<Judgement> {
  const subject = server.url;
  const exchanges = chain.grants.flatMap((grant) =>
    grant.token ? [grant.token, ...grant.refreshes] : grant.refreshes,
  );
  const answers = exchanges.filter(({ exchange }) => exchange.response.status === 200);
  const [last] = answers.slice(-1);
  const assumed = exchanges.filter(isAssumed);
  const occasion = chain.id;
  const issued = answers.find(({ response }) => response?.refreshToken);
  for (const refresh of assumed) {
    const before = answers.filter(({ exchange }) => exchange.sent < refresh.exchange.sent);
    const value = refresh.request.refreshToken === '' ? 'empty' : `"${refresh.request.refreshToken}"`;
    const shown = evidence(refresh.exchange, 'request.postData', `refresh_token is ${value}`, refreshRange(refresh));
    if (before.some(({ response }) => response?.refreshToken)) continue;
    if (before.length === 0 || before.some(({ response }) => response === null)) {
      const message = `The client sent refresh_token ${value}, and the token response before it is not in the log.`;
      yield {
        kind: 'open',
        subject,
        occasion: `${occasion} open`,
        message,
        evidence: [shown],
        missing: ['token-response'],
      };
      continue;
    }
    const message = `The client sent refresh_token ${value} although no refresh token was issued${sinceWords(server, '2026-07-28')}.`;
    yield {
      kind: 'fail',
      level: levelSince(server, '2026-07-28', 'error', false),
      subject,
      occasion,
      message,
      evidence: present([shown, tokenAnswer(before)]),
    };
  }
  if (assumed.length > 0 || !last) return;
  const seen = [tokenAnswerOf(last)];
  if (issued)
    yield { kind: 'notApplicable', subject, occasion, message: 'A refresh token was issued.', evidence: seen };
  else if (last.response)
    yield {
      kind: 'pass',
      subject,
      occasion,
      message: 'No refresh token was issued, and the client used none.',
      evidence: seen,
    };
}

function isAssumed({ request }: TokenExchange): boolean {
  return request.grantType === 'refresh_token' && saysNoToken(request.refreshToken);
}

function tokenAnswer(before: readonly TokenExchange[]) {
  const last = before.at(-1);
  return last ? tokenAnswerOf(last) : null;
}

function refreshRange({ request }: TokenExchange) {
  const range = request.params.fields.find(({ name }) => name === 'refresh_token')?.range ?? null;
  return request.format === 'form' && range && range[1] > range[0] ? range : null;
}
