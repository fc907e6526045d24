import { includesAll, minus } from '../../protocol/scope.ts';
import type { Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { scopeOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import {
  type Initial,
  judgeInitial,
  notYetAsked,
  offeredBy,
  SCOPE_SINCE,
  sourcesUnseen,
  supportedOf,
} from '../shared/scopes/initial-scope.ts';
import { IDENTITY_SCOPES } from '../shared/scopes/step-up.ts';
import { mcp } from '../shared/spec/links.ts';

/** Scope selection, last choice: no `scope` at all, where neither the 401 nor the metadata names one. */
export const rule = defineRule({
  id: 'scope-omitted-when-undefined',
  title: 'A scope was requested that nobody named',
  party: 'client',
  level: 'warning',
  since: SCOPE_SINCE,
  spec: [mcp('2026-07-28', 'scope-selection-strategy'), mcp(SCOPE_SINCE, 'scope-selection-strategy')],
  fix: 'Leave scope out where neither the 401 nor the protected resource metadata names any.',
  judge: (story) => judgeInitial(story, (initial) => judge(story, initial)),
});

function judge(story: Story, initial: Initial): Judgement | null {
  const { grant, server, authorization, requested, challenge, metadata } = initial;
  const subject = server.url;
  const asked = scopeOf(authorization);
  if (challenge) return null;
  const invented = minus(requested, IDENTITY_SCOPES);
  const unseen = sourcesUnseen(initial);
  if (unseen) return unseen;
  if (!metadata) return null;
  if ((metadata.metadata.scopesSupported ?? []).length > 0) return null;
  const seen = [asked, supportedOf(metadata)];
  if (invented.length === 0)
    return {
      kind: 'pass',
      subject,
      message: 'Neither the 401 nor the metadata names a scope, and the client requested none.',
      evidence: seen,
    };
  const before = notYetAsked(server, null);
  if (before !== null) return { kind: 'notApplicable', subject, message: before, evidence: seen };
  const offered = offeredBy(story, grant.issuer);
  const source =
    offered.length > 0 && includesAll(offered, invented)
      ? ', which the authorization server lists for all its clients'
      : '';
  const message = `Neither the 401 nor the protected resource metadata names a scope, and the client requested ${scopes(invented)}${source}.`;
  return { kind: 'fail', subject, message, evidence: seen };
}
