import { covers, includesAll, minus } from '../../protocol/scope.ts';
import type { Call, Server, Token } from '../../story/model.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { tokensByValue } from '../shared/challenges/bad-token.ts';
import { challengeScopeOf, evidence, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { scopes } from '../shared/evidence/words.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { tokenScope } from '../shared/scopes/token-scope.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** A scope that the token holds cannot be what is missing. */
export const rule = defineRule({
  id: '403-despite-granted-scope',
  title: '403 although the token holds the challenged scope',
  party: 'server',
  level: 'warning',
  since: '2025-11-25',
  spec: [
    rfc(6750, '3.1'),
    mcp('2026-07-28', 'step-up-authorization-flow'),
    mcp('2025-11-25', 'runtime-insufficient-scope-errors'),
  ],
  fix: "Compare the token's scopes before answering insufficient_scope, and use another error for what no scope can mend.",
  *judge(story) {
    const tokens = tokensByValue(story);
    for (const server of story.servers) {
      for (const call of server.refused) {
        if (call.status !== 403 || call.challenge?.error !== 'insufficient_scope') continue;
        const challenged = call.challenge.scope;
        if (!challenged || !call.credential) continue;
        const token = tokens.get(call.credential) ?? null;
        yield {
          ...judge(server, call, challenged, token),
          occasion: `${operationName(call)} ${token?.id} ${challenged.toSorted().join(' ')}`,
        };
      }
    }
  },
});

function judge(server: Server, call: Call, challenged: readonly string[], token: Token | null): Judgement {
  const subject = server.url;
  const held = tokenScope(token);
  const seen: Evidence[] = [challengeScopeOf(call)];
  if (token?.jwt?.scope)
    seen.push(
      evidence(
        call.exchange,
        'request.headers.authorization',
        `${token.id}, scope claim "${token.jwt.scope.join(' ')}"`,
      ),
    );
  else if (token?.issuedBy) seen.push(tokenAnswerOf(token.issuedBy));
  if (!held) {
    const message = `The log does not show which scopes the token held that was refused for want of ${scopes(challenged)}.`;
    return { kind: 'open', subject, message, evidence: seen, missing: ['token-response'] };
  }
  const lacking = minus(challenged, held.scopes);
  if (lacking.length > 0 && !lacking.every((scope) => held.scopes.some((broad) => covers(broad, scope)))) {
    return { kind: 'pass', subject, message: `The token lacks ${scopes(lacking)}.`, evidence: seen };
  }
  if (lacking.length > 0) {
    const message = `The token holds ${scopes(held.scopes)}, which by its name may include ${scopes(lacking)}; only the server knows whether it does.`;
    return { kind: 'open', subject, message, evidence: seen, missing: ['scope-hierarchy'] };
  }
  if (!held.explicit) {
    const message = `The client had asked for ${scopes(challenged)}, and neither the token response nor the token says whether it was granted.`;
    return { kind: 'open', subject, message, evidence: seen, missing: ['token-scope'] };
  }
  return {
    kind: 'fail',
    level: levelSince(server, '2025-11-25', 'warning'),
    subject,
    message: `The server refused ${operationName(call)} for want of ${scopes(challenged)}, which the token holds${includesAll(challenged, held.scopes) ? '' : ` (it holds ${scopes(held.scopes)})`}${sinceWords(server, '2025-11-25')}.`,
    evidence: seen,
  };
}
