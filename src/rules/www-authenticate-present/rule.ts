import { challengeText } from '../../story/answers.ts';
import { isFromGateway } from '../../story/gateways.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import { isOAuthServer } from '../../story/oauth-servers.ts';
import { presented } from '../../story/presented.ts';
import { knowsHeaders } from '../../story/recorded.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { withoutHeaders } from '../shared/challenges/without-headers.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { callsByCredential } from '../shared/tokens/carried-tokens.ts';

/** A 401 says how to authenticate. */
export const rule = defineRule({
  id: 'www-authenticate-present',
  title: '401 without WWW-Authenticate',
  party: 'server',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'token-handling'),
    mcp('2025-06-18', 'authorization-server-location'),
    rfc(9110, '15.5.2'),
    rfc(6750, '3'),
  ],
  fix: 'Send WWW-Authenticate: Bearer with resource_metadata in every 401.',
  *judge(story) {
    for (const server of story.servers) {
      for (const call of server.refused) {
        if (call.status !== 401 || call.exchange.fromCache) continue;
        const judgement = judge(story, server, call);
        if (judgement) yield { ...judgement, occasion: `${call.scheme} ${operationName(call)}` };
      }
    }
  },
});

function judge(story: Story, server: Server, call: Call): Judgement | null {
  const { exchange, credential } = call;
  const subject = server.url;
  const text = challengeText(exchange);
  if (text !== null) {
    const seen = evidence(exchange, 'response.headers.www-authenticate', '401 with a challenge');
    return { kind: 'pass', subject, message: 'The 401 carries a challenge.', evidence: [seen] };
  }
  if (isFromGateway(exchange)) return null;
  if (!knowsHeaders(exchange)) return withoutHeaders(server, call);
  const seen = [evidence(exchange, 'response.status', '401 without WWW-Authenticate')];
  if (presented(story, call) === 'other' && !(isOAuthServer(story, server) && showsOAuth(server))) {
    const message = 'The client uses a kind of authentication of its own, which MCP allows.';
    return { kind: 'notApplicable', subject, message, evidence: seen };
  }
  const rejected = credential !== null && credential !== '';
  const demanded = rejected || server.revision === '2025-06-18';
  const to = rejected ? 'that carried a token' : 'without a token';
  return {
    kind: 'fail',
    level: demanded ? 'error' : 'warning',
    subject,
    message: `The server answered 401 to ${operationName(call)} ${to} and sent no WWW-Authenticate, so the client is not told where to sign in${demanded ? '' : ' (HTTP demands the header; MCP accepts a well-known address in its place from 2025-11-25 on)'}.`,
    evidence: seen,
  };
}

/** The server itself speaks OAuth; that a sign-in was bound to it as the only one of the log is not enough. */
function showsOAuth(server: Server): boolean {
  const challenges = server.refused.some(({ challenge }) => challenge !== null);
  return challenges || server.metadata.length > 0 || callsByCredential(server).size > 0;
}
