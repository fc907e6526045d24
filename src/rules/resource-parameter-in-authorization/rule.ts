import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Asked, judgeRequests } from '../shared/authorization/authorization-requests.ts';
import { RESOURCE_SINCE, withoutResource } from '../shared/authorization/resource-parameter.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { namedValue } from '../shared/evidence/parameters.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 8707 section 2; MUST whether the authorization server supports it or not. */
export const rule = defineRule({
  id: 'resource-parameter-in-authorization',
  title: 'The authorization request names no resource',
  party: 'client',
  level: 'error',
  since: RESOURCE_SINCE,
  spec: [
    mcp('2026-07-28', 'resource-parameter-implementation'),
    mcp('2025-06-18', 'resource-parameter-implementation'),
    rfc(8707, '2'),
  ],
  fix: "Send resource with the MCP server's canonical URI in every authorization request.",
  judge: (story) => judgeRequests(story, judge),
});

function judge({ server, authorization, request }: Asked): Judgement {
  const subject = server.url;
  const named = request.resources.find((resource) => resource !== '');
  if (named !== undefined)
    return {
      kind: 'pass',
      subject,
      message: `The authorization request names ${named}.`,
      evidence: [namedValue(authorization, 'resource', named)],
    };
  const shown = evidence(authorization.exchange, 'request.url', 'no resource');
  const early = withoutResource(server, shown);
  if (early) return early;
  const message = `The authorization request has no resource parameter, so the authorization server is not told that the token is for ${server.url}.`;
  return { kind: 'fail', subject, message, evidence: [shown] };
}
