import { includesAll } from '../../protocol/scope.ts';
import { speaks } from '../../story/revisions.ts';
import { defineRule } from '../rule.ts';
import { challengeScopeOf, present, scopeOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import { sinceWords } from '../shared/revision/since.ts';
import { missedLater, stepUps, unseenRequest } from '../shared/scopes/step-up.ts';
import { mcp } from '../shared/spec/links.ts';

/** rules.md A.2.3 row 5: a full re-login after a 401 narrows what was granted. */
export const rule = defineRule({
  id: 'reauth-401-scope-dropped',
  title: 'Signing in again after a 401 narrows the scopes',
  party: 'client',
  level: 'note',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'scope-selection-strategy')],
  fix: 'Request the scopes of the earlier grant again unless narrowing is meant.',
  *judge(story) {
    for (const stepUp of stepUps(story)) {
      const { cause, grant, server, challenge, challenged, requested, base, dropped } = stepUp;
      if (cause !== 401) continue;
      const seen = present([grant.authorization ? scopeOf(grant.authorization) : null, challengeScopeOf(challenge)]);
      const judged = { subject: server.url, evidence: seen };
      if (speaks(server, '2025-11-25') === false) continue;
      if (requested === null || base === null) {
        const missing = unseenRequest(grant)?.missing ?? 'earlier-authorization';
        yield {
          ...judged,
          kind: 'open',
          message: 'What was requested before or now is not in the log.',
          missing: [missing],
        };
      } else if (dropped.length === 0) {
        yield { ...judged, kind: 'pass', message: 'The renewed sign-in asks for everything that was granted before.' };
      } else if (stepUp.held === null) {
        const message = `The renewed sign-in leaves out ${scopes(dropped)}; whether that had been granted is not in the log.`;
        yield { ...judged, kind: 'open', message, missing: ['token-response'] };
      } else if (includesAll(requested, challenged)) {
        const missed = missedLater(stepUp, dropped);
        const consequence = missed
          ? `, and a later call was refused for want of ${scopes(missed.challenge?.scope ?? [])}`
          : '';
        const message = `After a 401 the client asked for ${scopes(requested)} only; ${scopes(dropped)}, granted before, was left out${consequence}${sinceWords(server, '2026-07-28')}.`;
        const evidence = missed ? [...seen, challengeScopeOf(missed)] : seen;
        yield { ...judged, kind: 'fail', level: missed ? 'warning' : 'note', message, evidence };
      }
    }
  },
});
