import { arrayMember, asObject, booleanMember, stringMember } from '../../protocol/json.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import { lacksBody } from '../../story/recorded.ts';
import { those, walked } from '../../story/walk.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { BadTokens, tokensByValue } from '../shared/challenges/bad-token.ts';
import { findWords, HIDDEN_FAILURE, wordsIn } from '../shared/challenges/words-in-body.ts';
import { evidence, refusalOf } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { isAdmitted } from '../shared/recovery/recovery.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** An authentication failure is the transport's matter: inside a result no client renews its token for it. */
export const rule = defineRule({
  id: 'auth-error-hidden-in-200',
  title: 'Authentication failure hidden in a 200',
  party: 'server',
  level: 'error',
  since: '2025-03-26',
  spec: [mcp('2026-07-28', 'token-handling'), mcp('2026-07-28', 'error-handling'), rfc(6750, '3.1')],
  fix: 'Check the token before the request is dispatched, and answer HTTP 401.',
  *judge(story) {
    const byValue = tokensByValue(story);
    for (const server of story.servers) {
      const tokens = new BadTokens(byValue, server);
      const isRenewed = beforeRenewal(story, server);
      for (const call of walked(server, telling)) {
        const judgement = judge(server, call, tokens, isRenewed);
        if (judgement) yield { ...judgement, occasion: `${call.credential} ${operationName(call)}` };
      }
    }
  },
});

/** The calls that say something: refused for their token, failed inside a 200, or answered 200 with a body that was not recorded. */
const telling = those((call) => {
  const { credential, exchange, status } = call;
  if (!credential || exchange.envelope || exchange.fromCache) return false;
  if (isAdmitted(call)) return call.challenge !== null;
  return status === 200 && call.requests.length > 0 && (lacksBody(exchange) || failureText(call) !== null);
});

/** A new token so soon after a call may have been got because of it, milliseconds (rules.md E, W403). */
const RENEWAL = 120_000;

function judge(server: Server, call: Call, tokens: BadTokens, isRenewed: (call: Call) => boolean): Judgement | null {
  const { exchange, status } = call;
  const subject = server.url;
  if (isAdmitted(call) && call.challenge) {
    return { kind: 'pass', subject, message: 'The bad token was answered 401.', evidence: [refusalOf(call)] };
  }
  if (status !== 200 || call.requests.length === 0) return null;
  const known = tokens.proof(call);
  if (!known && !isRenewed(call)) return null;
  if (known && lacksBody(exchange)) {
    const message = `The server answered 200, and ${known.why}; the recording does not hold what the answer said.`;
    return {
      kind: 'open',
      subject,
      message,
      evidence: [evidence(exchange, 'response.status', '200'), known.evidence],
      missing: ['response-body'],
    };
  }
  const failure = failureText(call);
  if (failure === null || !findWords(failure, HIDDEN_FAILURE)) return null;
  const where = wordsIn(exchange.response.body.text, HIDDEN_FAILURE);
  const seen = evidence(exchange, 'response.content', 'an authentication failure inside a 200', where?.range ?? null);
  const proof = known ?? tokens.proofWithRetry(call, (later) => later.status === 200 && failureText(later) === null);
  if (!proof) {
    const message =
      'The result speaks of an authentication failure, and nothing in the log shows that the token was to blame.';
    return { kind: 'notApplicable', subject, message, evidence: [seen] };
  }
  return {
    kind: 'fail',
    subject,
    message: `The server answered ${operationName(call)} with 200 and an authentication failure inside it, and ${proof.why}: no client renews its token for that.`,
    evidence: [seen, proof.evidence],
  };
}

/** Tells the calls shortly before a new token came: the only ones whose repetition can prove anything. */
function beforeRenewal(story: Story, server: Server): (call: Call) => boolean {
  const renewals = story.tokens.flatMap(({ kind, grant, issuedBy }) =>
    kind === 'access' && grant?.server === server && issuedBy ? [issuedBy.exchange.sent] : [],
  );
  return ({ exchange: { sent } }) => renewals.some((renewed) => sent > renewed - RENEWAL && sent <= renewed);
}

/** The words of a JSON-RPC error or of a failed tool result; null when the answer is neither. */
function failureText(call: Call): string | null {
  const { text } = call.exchange.response.body;
  if (!text.includes('"error"') && !text.includes('"isError"')) return null;
  const parts: string[] = [];
  for (const { error, result } of call.responses) {
    if (error) parts.push(error.message, typeof error.data === 'string' ? error.data : '');
    if (!result || booleanMember(result, 'isError') !== true) continue;
    for (const item of arrayMember(result, 'content') ?? [])
      parts.push(stringMember(asObject(item) ?? {}, 'text') ?? '');
  }
  return parts.length === 0 ? null : parts.join('\n');
}
