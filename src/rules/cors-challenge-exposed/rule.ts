import { header } from '../../exchange/exchange.ts';
import type { Call, Server } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { FETCH_CORS, mcp } from '../shared/spec/links.ts';

/** A web client reads WWW-Authenticate across origins only when the server exposes it. */
export const rule = defineRule({
  id: 'cors-challenge-exposed',
  title: 'The challenge is hidden from web clients by CORS',
  party: 'server',
  level: 'warning',
  since: null,
  spec: [
    FETCH_CORS,
    mcp('2026-07-28', 'protected-resource-metadata-discovery-requirements', 'authorization-server-discovery'),
  ],
  fix: 'Send Access-Control-Expose-Headers: WWW-Authenticate, Mcp-Session-Id.',
  *judge(story) {
    for (const server of story.servers) {
      for (const call of server.refused) {
        const judgement = judge(server, call);
        if (judgement) yield { ...judgement, occasion: `${call.status} ${call.operation}` };
      }
    }
  },
});

function judge(server: Server, call: Call): Judgement | null {
  const { exchange, challengeReadable, status } = call;
  const { headers } = exchange.response;
  if (exchange.envelope || header(headers, 'www-authenticate') === null) return null;
  const subject = server.url;
  const exposed = header(headers, 'access-control-expose-headers');
  const shown = exposed === null ? null : evidence(exchange, 'response.headers.access-control-expose-headers', exposed);
  const challenge = evidence(exchange, 'response.headers.www-authenticate', `${status} with a challenge`);
  if (challengeReadable === false) {
    const list = exposed === null ? 'exposes no header' : `exposes only ${exposed}`;
    const message = `The ${status} carries a challenge that the page's script cannot read: the server ${list}.`;
    return { kind: 'fail', subject, message, evidence: shown ? [challenge, shown] : [challenge] };
  }
  if (challengeReadable === true) {
    const message = shown ? 'The challenge is exposed to web clients.' : 'The page has the same origin as the server.';
    return { kind: shown ? 'pass' : 'notApplicable', subject, message, evidence: [challenge] };
  }
  // Without Origin the page is unknown; an answer that allows origins shows that there may be one.
  if (header(headers, 'access-control-allow-origin') === null || exposed?.toLowerCase().includes('www-authenticate'))
    return null;
  const message =
    'The recording does not show which origin sent the request, so it is unknown whether script could read the challenge.';
  return { kind: 'open', subject, message, evidence: [challenge], missing: ['request-origin'] };
}
