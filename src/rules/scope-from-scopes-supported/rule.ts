import { includesAll, minus } from '../../protocol/scope.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { challengeScopeOf, scopeOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import { sinceWords } from '../shared/revision/since.ts';
import {
  type Initial,
  judgeInitial,
  missedAfter,
  notYetAsked,
  SCOPE_SINCE,
  sourcesUnseen,
  supportedOf,
} from '../shared/scopes/initial-scope.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** Scope selection, second choice: all of the metadata's `scopes_supported`, where the 401 names none. */
export const rule = defineRule({
  id: 'scope-from-scopes-supported',
  title: 'The first request leaves out published scopes',
  party: 'client',
  level: 'warning',
  since: SCOPE_SINCE,
  spec: [mcp('2026-07-28', 'scope-selection-strategy'), mcp(SCOPE_SINCE, 'scope-selection-strategy'), rfc(9728, '2')],
  fix: 'Where the 401 names no scope, request all scopes_supported of the protected resource metadata.',
  judge: (story) => judgeInitial(story, judge),
});

function judge(initial: Initial): Judgement | null {
  const { server, authorization, requested, challenge, metadata } = initial;
  const subject = server.url;
  const asked = scopeOf(authorization);
  // A challenge with scopes comes first, even one that the page could not read.
  if (challenge) return null;
  const unseen = sourcesUnseen(initial);
  if (unseen) return unseen;
  if (!metadata) return null;
  const supported = minus(metadata.metadata.scopesSupported ?? [], ['offline_access']);
  if (supported.length === 0) return null;
  const seen = [asked, supportedOf(metadata)];
  const missing = minus(supported, requested);
  if (missing.length === 0)
    return {
      kind: 'pass',
      subject,
      message: `The client requested ${scopes(supported)}, as published.`,
      evidence: seen,
    };
  const missed = missedAfter(server, authorization.exchange.sent, missing);
  const before = notYetAsked(server, missed);
  if (before !== null) return { kind: 'notApplicable', subject, message: before, evidence: seen };
  const frugal = requested.length > 0 && includesAll(supported, requested) && missed === null;
  const consequence = missed
    ? `, and a later call was refused for want of ${scopes(missed.challenge?.scope ?? [])}`
    : frugal
      ? ', which may be all that it needs'
      : '';
  return {
    kind: 'fail',
    level: frugal ? 'note' : 'warning',
    subject,
    message: `The 401 names no scope and the server publishes ${scopes(supported)}; the client requested ${scopes(requested)}${consequence}${sinceWords(server, SCOPE_SINCE)}.`,
    evidence: missed ? [...seen, challengeScopeOf(missed)] : seen,
  };
}
