import { isFromGateway } from '../../story/gateways.ts';
import type { TokenExchange } from '../../story/model.ts';
import { bySent } from '../../story/order.ts';
import { isSameRecord } from '../../story/records.ts';
import { isSuccess, isTransient } from '../../story/token-answers.ts';
import { isSecret } from '../../story/token-book.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { fieldOf } from '../shared/evidence/parameters.ts';
import { span } from '../shared/evidence/words.ts';
import { mcp, oauth21, rfc } from '../shared/spec/links.ts';
import { couldRead } from '../shared/token-endpoint/token-answers.ts';
import { type BoundExchange, codeExchanges } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 6749 section 4.1.2: an authorization code is redeemed once. */
export const rule = defineRule({
  id: 'authorization-code-single-use',
  title: 'Authorization code redeemed twice',
  party: 'client',
  level: 'error',
  since: null,
  spec: [rfc(6749, '4.1.2'), oauth21('4.1.3'), mcp('2026-07-28', 'overview'), mcp('2025-11-25', 'overview')],
  fix: 'Redeem each code once, also when the callback page is drawn twice, and refuse codes that come back.',
  *judge(story) {
    for (const redemptions of byCode(codeExchanges(story))) yield judge(redemptions);
  },
});

/** Code exchanges of one code as one response delivered it, in time order; never empty. */
function byCode(exchanges: Iterable<BoundExchange>): BoundExchange[][] {
  const groups = new Map<string, BoundExchange[]>();
  for (const bound of exchanges) {
    const { code, codeVerifier } = bound.by.request;
    if (!code || !isSecret(code)) continue;
    // The same string delivered by two responses is two codes; where no response was seen, the verifier tells.
    const delivery = bound.grant.callback ? bound.grant.id : (codeVerifier ?? bound.grant.clientId);
    const key = JSON.stringify([bound.by.issuer, code, delivery]);
    const group = groups.get(key);
    if (group) group.push(bound);
    else groups.set(key, [bound]);
  }
  return [...groups.values()].map((group) => group.sort((one, other) => bySent(one.by, other.by)));
}

function judge(redemptions: readonly BoundExchange[]): Judgement {
  const [first] = redemptions;
  const subject = first?.server.url ?? '';
  for (const [index, bound] of redemptions.entries()) {
    const before = redemptions[index - 1];
    if (!before || isLegal(before.by, bound.by)) continue;
    const { by } = bound;
    const apart = span(by.exchange.sent - before.by.exchange.sent);
    const seen = [
      fieldOf(by, 'code', 'the same code'),
      fieldOf(before.by, 'code', 'code'),
      tokenAnswerOf(by),
      tokenAnswerOf(before.by),
    ];
    if (isSuccess(before.by) && isSuccess(by)) {
      const message = `The client redeemed one authorization code twice within ${apart}, and the authorization server accepted it both times.`;
      return { kind: 'fail', party: 'authorization-server', subject, message, evidence: [tokenAnswerOf(by), ...seen] };
    }
    const refused = by.response?.error ? `; the authorization server answered ${by.response.error}` : '';
    const retry = mayNotKnow(before.by);
    const message = `The client redeemed an authorization code again after ${apart}${retry ? ', as the first request had failed for another reason' : ''}${refused}.`;
    return { kind: 'fail', level: retry ? 'note' : 'error', subject, message, evidence: seen };
  }
  return {
    kind: 'pass',
    subject,
    message: 'The authorization code was redeemed once.',
    evidence: first ? [fieldOf(first.by, 'code', 'code')] : [],
  };
}

/** Another request than the first asked to be sent again, or no other request at all. */
function isLegal(before: TokenExchange, by: TokenExchange): boolean {
  // RFC 9449 section 8: the server asks for the same request with its nonce.
  if (before.response?.error === 'use_dpop_nonce') return true;
  // RFC 9110 section 15.4.8: the browser itself sends the same request to where it is led (guard G2).
  const { status, location } = before.exchange.response;
  if ((status === 307 || status === 308) && location !== null) return true;
  const { codeVerifier } = before.request;
  if (codeVerifier && by.request.codeVerifier && codeVerifier !== by.request.codeVerifier) return true;
  return isSameRecord(before.exchange, by.exchange);
}

/** No usable answer, a passing failure, or a refusal for another reason than the code: it may still be good. */
function mayNotKnow(before: TokenExchange): boolean {
  return isTransient(before) || isAnotherRefusal(before) || (isSuccess(before) && !couldRead(before));
}

/**
 * RFC 6749 section 5.2: only `invalid_grant` speaks of the code; `invalid_client` and the like can be put right, and
 * a page in place of an OAuth error is not the authorization server's own word (guard G15).
 */
function isAnotherRefusal(before: TokenExchange): boolean {
  if (isSuccess(before)) return false;
  const { response, exchange } = before;
  return response?.error ? response.error !== 'invalid_grant' : isFromGateway(exchange);
}
