import { surelyHeededFrom } from '../../story/heeded.ts';
import type { Chain, Server, TokenExchange } from '../../story/model.ts';
import { bySent } from '../../story/order.ts';
import { isSuccess } from '../../story/token-answers.ts';
import { isSecret } from '../../story/token-book.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { fieldOf } from '../shared/evidence/parameters.ts';
import { span } from '../shared/evidence/words.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { couldRead } from '../shared/token-endpoint/token-answers.ts';

/** RFC 6749 section 6: a client that gets a new refresh token discards the old one. */
export const rule = defineRule({
  id: 'refresh-token-replaced',
  title: 'Old refresh token used after it was replaced',
  party: 'client',
  level: 'error',
  since: null,
  spec: [
    rfc(6749, '6'),
    mcp('2026-07-28', 'refresh-tokens'),
    mcp('2025-11-25', 'token-theft'),
    mcp('2025-06-18', 'token-theft'),
  ],
  fix: 'Store the new refresh token before anything else is done with the answer, in every tab.',
  *judge(story) {
    for (const chain of story.chains) if (chain.server) yield* judge(chain, chain.server);
  },
});

function* judge(chain: Chain, server: Server): Generator<Judgement> {
  const subject = server.url;
  const refreshes = chain.grants.flatMap((grant) => grant.refreshes).sort(bySent);
  /** The answer that replaced each refresh token, or may have. */
  const replaced = new Map<string, TokenExchange>();
  let followed: TokenExchange | null = null;
  for (const refresh of refreshes) {
    const { refreshToken } = refresh.request;
    if (!refreshToken || !isSecret(refreshToken)) continue;
    const by = replaced.get(refreshToken);
    // A refresh that was sent before the answer had come is the matter of refresh-single-flight (guard G9).
    if (by && refresh.exchange.sent >= surelyHeededFrom(by.exchange)) yield judgeReuse(refresh, by, subject);
    else if (!by && replaced.size > 0) followed = refresh;
    if (!by && mayReplace(refresh, refreshToken)) replaced.set(refreshToken, refresh);
  }
  if (followed && replaced.size > 0) {
    const message = 'The client went on with the new refresh token.';
    yield {
      kind: 'pass',
      subject,
      occasion: chain.id,
      message,
      evidence: [fieldOf(followed, 'refresh_token', 'refresh_token')],
    };
  }
}

function judgeReuse(refresh: TokenExchange, by: TokenExchange, subject: string): Judgement {
  const shown = fieldOf(refresh, 'refresh_token', 'the replaced refresh_token');
  if (by.response === null) {
    const message = 'A refresh token was sent again, and whether the answer before had replaced it was not recorded.';
    return { kind: 'open', subject, message, evidence: [shown, tokenAnswerOf(by)], missing: ['token-response'] };
  }
  const { page } = refresh.exchange;
  const tabs = page !== null && by.exchange.page !== null && page !== by.exchange.page ? ', from another tab' : '';
  const later = span(refresh.exchange.sent - by.exchange.answered);
  const refused = refresh.response?.error ? `; the authorization server answered ${refresh.response.error}` : '';
  return {
    kind: 'fail',
    subject,
    message: `The client sent a refresh token that had been replaced ${later} before${tabs}${refused}.`,
    evidence: [shown, tokenAnswerOf(by)],
  };
}

/** An answer that reached the client and holds another refresh token, or whose body was not recorded. */
function mayReplace(by: TokenExchange, sent: string): boolean {
  const { exchange, response } = by;
  if (!isSuccess(by) || exchange.error !== null || !couldRead(by)) return false;
  return (
    response === null ||
    (response.refreshToken !== null && response.refreshToken !== sent && isSecret(response.refreshToken))
  );
}
