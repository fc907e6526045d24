import { parseUrl } from '../../protocol/url.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Asked, judgeRequests } from '../shared/authorization/authorization-requests.ts';
import { namedValue } from '../shared/evidence/parameters.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 8707 section 2: an absolute URI (RFC 3986 section 4.3) without a fragment. */
export const rule = defineRule({
  id: 'resource-parameter-valid-uri',
  title: 'The resource is no absolute URI, or has a fragment',
  party: 'client',
  level: 'error',
  since: '2025-06-18',
  spec: [mcp('2026-07-28', 'canonical-server-uri'), mcp('2025-06-18', 'canonical-server-uri'), rfc(8707, '2')],
  fix: 'Send an absolute URI with a scheme and without a fragment.',
  judge: (story) => judgeRequests(story, judge),
});

function judge({ server, authorization, request }: Asked): Judgement | null {
  const given = request.resources.filter((resource) => resource !== '');
  if (given.length === 0) return null;
  const subject = server.url;
  const faults = given.flatMap((resource) => {
    const fault = faultOf(resource);
    return fault === null ? [] : [{ resource, fault }];
  });
  if (faults.length === 0)
    return {
      kind: 'pass',
      subject,
      message: `${given.join(', ')}: an absolute URI without a fragment.`,
      evidence: given.map((resource) => namedValue(authorization, 'resource', resource)),
    };
  return {
    kind: 'fail',
    level: levelSince(server, '2025-06-18', 'error'),
    subject,
    message: `The resource ${faults.map(({ resource, fault }) => `${resource} ${fault}`).join(', ')}${sinceWords(server, '2025-06-18')}.`,
    evidence: faults.map(({ resource }) => namedValue(authorization, 'resource', resource)),
  };
}

function faultOf(resource: string): string | null {
  if (resource.includes('#')) return 'has a fragment';
  const colon = resource.indexOf(':');
  if (colon < 0 || isHostAndPort(resource, colon)) return 'has no scheme';
  return resource.trim() !== resource || resource.includes(' ') || parseUrl(resource) === null
    ? 'is no absolute URI'
    : null;
}

/** `localhost:3000/mcp` reads as a scheme by the grammar; a digit behind the colon tells that it is a port. */
function isHostAndPort(resource: string, colon: number): boolean {
  const next = resource.charAt(colon + 1);
  return next >= '0' && next <= '9' && !resource.slice(0, colon).toLowerCase().startsWith('urn');
}
