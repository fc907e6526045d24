import { includesAll, minus } from '../../protocol/scope.ts';
import type { Chain, Grant, Server } from '../../story/model.ts';
import { isSuccess } from '../../story/token-answers.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present, scopeOf, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import { answeredMember } from '../shared/registration/registration.ts';
import { sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** Some authorization servers refuse every scope that a client did not register; the registration then caps step-up. */
export const rule = defineRule({
  id: 'dcr-scope-caps-request',
  title: 'Requested scope outside the registered scope',
  party: 'client',
  level: 'warning',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'dynamic-client-registration', 'client-registration'),
    mcp('2025-11-25', 'dynamic-client-registration'),
    rfc(7591, '2'),
  ],
  fix: 'Register without scope, or register again when a step-up needs more.',
  *judge(story) {
    for (const chain of story.chains) {
      const { server } = chain;
      if (!server) continue;
      const lenient = isLenient(chain);
      for (const grant of chain.grants) {
        const judgement = judge(chain, grant, server, lenient);
        if (judgement) yield judgement;
      }
    }
  },
});

function judge({ registration }: Chain, grant: Grant, server: Server, lenient: boolean): Judgement | null {
  const { authorization, requested } = grant;
  if (!authorization || requested === null || registration?.source === 'cimd') return null;
  const subject = server.url;
  const asked = scopeOf(authorization);
  const refused = refusalOf(grant);
  if (!registration || registration.response === null) {
    if (!refused) return null;
    const message = 'The authorization server refused the scope; what scope the client registered is not in the log.';
    return { kind: 'open', subject, message, evidence: [asked, refused], missing: ['client-registration'] };
  }
  const registered = registration.response.scope;
  if (registered === null) return null;
  const seen = present([asked, answeredMember(registration, 'scope'), refused]);
  if (includesAll(registered, requested))
    return { kind: 'pass', subject, message: 'Every requested scope is among the registered ones.', evidence: seen };
  const outside = minus(requested, registered);
  if (refused) {
    return {
      kind: 'fail',
      subject,
      message: `The client is registered for ${scopes(registered)} and asked for ${scopes(requested)}; the authorization server refused ${scopes(outside)} with invalid_scope${sinceWords(server, '2025-11-25')}.`,
      evidence: seen,
    };
  }
  if (lenient) {
    return {
      kind: 'notApplicable',
      subject,
      message: 'The authorization server does not hold the client to the scope it registered.',
      evidence: seen,
    };
  }
  const message = `The client asked for ${scopes(outside)} beyond its registered scope; the answer is not in the log.`;
  return { kind: 'open', subject, message, evidence: seen, missing: ['authorization-response'] };
}

/** One request beyond the registered scope that went through shows it for all of the client's. */
function isLenient({ registration, grants }: Chain): boolean {
  const registered = registration?.response?.scope ?? null;
  return (
    registered !== null && grants.some((grant) => isAccepted(grant) && !includesAll(registered, grant.requested ?? []))
  );
}

function isAccepted({ token, callback }: Grant): boolean {
  return (token !== null && isSuccess(token)) || Boolean(callback?.response.code);
}

/** `invalid_scope` (RFC 6749 sections 4.1.2.1 and 5.2), from either endpoint. */
function refusalOf({ callback, token }: Grant): Evidence | null {
  if (callback?.response.error === 'invalid_scope')
    return evidence(callback.exchange, callback.part, 'error=invalid_scope');
  return token?.response?.error === 'invalid_scope' ? tokenAnswerOf(token) : null;
}
