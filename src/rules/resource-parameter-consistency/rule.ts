import { sameResource } from '../../protocol/resource.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { RESOURCE_SINCE, withoutResource } from '../shared/authorization/resource-parameter.ts';
import { fieldOf, parameterOf } from '../shared/evidence/parameters.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { type BoundExchange, codeExchanges, requestBehind } from '../shared/token-endpoint/token-exchanges.ts';

/** Both requests of one sign-in name the same server (RFC 8707 section 2.2). */
export const rule = defineRule({
  id: 'resource-parameter-consistency',
  title: 'resource differs between authorization and token request',
  party: 'client',
  level: 'error',
  since: RESOURCE_SINCE,
  spec: [
    mcp('2026-07-28', 'resource-parameter-implementation'),
    mcp('2025-11-25', 'resource-parameter-implementation'),
    mcp('2025-06-18', 'resource-parameter-implementation'),
    rfc(8707, '2.2'),
  ],
  fix: 'Store the resource value once for each sign-in and send it unchanged in both requests.',
  *judge(story) {
    for (const bound of codeExchanges(story)) {
      const judgement = judge(bound);
      if (judgement) yield judgement;
    }
  },
});

function judge({ by, grant, server }: BoundExchange): Judgement | null {
  const subject = server.url;
  const sent = by.request.resources;
  // A side without resource is the matter of the rules that ask for it.
  if (sent.length === 0) return null;
  const shown = fieldOf(by, 'resource', `resource=${sent.join(', ')}`);
  const early = withoutResource(server, shown);
  if (early) return early;
  const authorization = requestBehind(grant, by);
  if (!authorization) {
    return {
      kind: 'open',
      subject,
      message: 'The authorization request was not recorded.',
      evidence: [shown],
      missing: ['authorization-request'],
    };
  }
  const asked = authorization.request.resources;
  if (asked.length === 0) return null;
  const seen = [shown, parameterOf(authorization, 'resource', `resource=${asked.join(', ')}`)];
  const foreign = sent.filter((resource) => !asked.includes(resource));
  if (foreign.length === 0) {
    return {
      kind: 'pass',
      subject,
      message: 'The code exchange names a resource of the authorization request.',
      evidence: seen,
    };
  }
  const spelling = foreign.every((resource) => asked.some((other) => sameResource(resource, other)));
  return {
    kind: 'fail',
    level: spelling ? 'warning' : 'error',
    subject,
    message: `The authorization request is for ${asked.join(', ')}, the code exchange for ${foreign.join(', ')}${spelling ? ': the same server, spelt differently' : ''}.`,
    evidence: seen,
  };
}
