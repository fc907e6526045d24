import { isSecret } from '../../story/token-book.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Asked, judgeRequests } from '../shared/authorization/authorization-requests.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

const SINCE = '2025-06-18';
/** A shorter one can be guessed, characters (rules.md E). */
const ENOUGH = 16;

/** RFC 6749 section 10.12: a value of its own for every request, that cannot be guessed. */
export const rule = defineRule({
  id: 'state-used',
  title: 'No state, or one that was used before',
  party: 'client',
  level: 'warning',
  since: SINCE,
  spec: [
    mcp('2026-07-28', 'open-redirection', 'security-considerations'),
    mcp(SINCE, 'open-redirection'),
    rfc(6749, '10.12'),
    rfc(9700, '4.7'),
  ],
  fix: 'Send a fresh random state of at least 16 characters with every authorization request.',
  judge(story) {
    const before = new Map<string, Asked>();
    return judgeRequests(story, (asked) => judge(asked, before));
  },
});

function judge(asked: Asked, before: Map<string, Asked>): Judgement {
  const { server, authorization, request } = asked;
  const { state } = request;
  const subject = server.url;
  const level = levelSince(server, SINCE, 'warning');
  const since = sinceWords(server, SINCE);
  if (!state) {
    const message = `The authorization request has no state, so the client cannot tell an answer to it from one that somebody else sent${since}.`;
    return {
      kind: 'fail',
      level,
      subject,
      message,
      evidence: [evidence(authorization.exchange, 'request.url', 'no state')],
    };
  }
  const sent = parameterOf(authorization, 'state', 'state');
  if (!isSecret(state)) {
    return {
      kind: 'open',
      subject,
      message: 'The recording does not hold the value of state.',
      evidence: [sent],
      missing: ['state'],
    };
  }
  const earlier = before.get(state);
  before.set(state, earlier ?? asked);
  if (earlier && isAnother(earlier, asked)) {
    const message = `The authorization request has the same state as an earlier one${since}.`;
    return {
      kind: 'fail',
      level,
      subject,
      message,
      evidence: [sent, parameterOf(earlier.authorization, 'state', 'the same state')],
    };
  }
  if (state.length < ENOUGH) {
    const message = `The state has fewer than ${ENOUGH} characters: short enough to be guessed${since}.`;
    return { kind: 'fail', level: 'note', subject, message, evidence: [sent] };
  }
  return {
    kind: 'pass',
    subject,
    message: 'The authorization request has a state of its own.',
    evidence: [evidence(authorization.exchange, 'request.url', 'state')],
  };
}

/** The same request may be sent again by the authorization server's own pages; a code challenge is used once. */
function isAnother({ request: earlier }: Asked, { request }: Asked): boolean {
  return (
    isSecret(earlier.codeChallenge) &&
    isSecret(request.codeChallenge) &&
    earlier.codeChallenge !== request.codeChallenge
  );
}
