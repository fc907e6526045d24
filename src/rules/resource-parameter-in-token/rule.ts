import { isWhole } from '../../story/recorded.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { RESOURCE_SINCE, withoutResource } from '../shared/authorization/resource-parameter.ts';
import { fieldOf } from '../shared/evidence/parameters.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { type BoundExchange, kindName, tokenExchanges } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 8707 section 2.2, which MCP makes a duty: token requests say which server the token is for. */
export const rule = defineRule({
  id: 'resource-parameter-in-token',
  title: 'Token request without resource',
  party: 'client',
  level: 'error',
  since: RESOURCE_SINCE,
  spec: [
    mcp('2026-07-28', 'resource-parameter-implementation'),
    mcp('2025-11-25', 'resource-parameter-implementation'),
    mcp('2025-06-18', 'resource-parameter-implementation'),
    rfc(8707, '2.2'),
  ],
  fix: "Send resource with the MCP server's canonical URI in the code exchange and in every refresh.",
  *judge(story) {
    for (const bound of tokenExchanges(story)) yield judge(bound);
  },
});

function judge(bound: BoundExchange): Judgement {
  const { by, server, kind } = bound;
  const subject = server.url;
  const { resources } = by.request;
  const shown = fieldOf(by, 'resource', resources.length > 0 ? `resource=${resources.join(', ')}` : 'no resource');
  const early = withoutResource(server, shown);
  if (early) return early;
  if (resources.some((resource) => resource !== '')) {
    return { kind: 'pass', subject, message: `The ${kindName(bound)} names the resource.`, evidence: [shown] };
  }
  if (!isWhole(by)) {
    return {
      kind: 'open',
      subject,
      message: 'The recording does not hold the whole token request.',
      evidence: [shown],
      missing: ['request-body'],
    };
  }
  return {
    kind: 'fail',
    // A refresh keeps the resource of its grant (RFC 8707 section 2.2); MCP says "token requests", so it is asked for there too.
    level: kind === 'code' ? 'error' : 'warning',
    subject,
    message: `The ${kindName(bound)} does not say for which MCP server the token is meant: it has no resource parameter.`,
    evidence: [shown],
  };
}
