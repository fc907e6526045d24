import { parseScope } from '../../protocol/scope.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Asked, judgeRequests } from '../shared/authorization/authorization-requests.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { mcp, oauth21, rfc } from '../shared/spec/links.ts';

/** RFC 6749 section 4.1.1, OAuth 2.1 section 4.1.1: `response_type=code` and `client_id` are REQUIRED. */
export const rule = defineRule({
  id: 'authorization-request',
  title: 'The authorization request is malformed',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [mcp('2026-07-28', 'overview'), oauth21('4.1.1'), rfc(6749, '4.1.1')],
  fix: 'Send response_type=code and the client_id with every authorization request.',
  judge: (story) => judgeRequests(story, judge),
});

function judge({ server, authorization, request }: Asked): Judgement | null {
  const { clientId, responseType } = request;
  const types = parseScope(responseType ?? '');
  // The implicit flow is another rule's matter.
  if (types.includes('token') && clientId) return null;
  const faults: string[] = [];
  if (!clientId) faults.push('has no client_id');
  if (responseType === null || types.length === 0) faults.push('has no response_type');
  else if (!types.includes('code') && !types.includes('token'))
    faults.push(`asks for response_type=${responseType} in place of code`);
  const subject = server.url;
  if (faults.length > 0) {
    const asked = parameterOf(authorization, 'response_type', faults.join('; '));
    const seen = clientId ? asked : evidence(authorization.exchange, 'request.url', faults.join('; '));
    return { kind: 'fail', subject, message: `The authorization request ${faults.join(' and ')}.`, evidence: [seen] };
  }
  return {
    kind: 'pass',
    subject,
    message: 'The authorization request asks for a code and names the client.',
    evidence: [parameterOf(authorization, 'response_type', `response_type=${responseType}`)],
  };
}
