import { header } from '../../exchange/exchange.ts';
import { readPlace } from '../../protocol/url.ts';
import { isAboutOrigin, isFromGateway } from '../../story/gateways.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import { isOAuthServer } from '../../story/oauth-servers.ts';
import { presented } from '../../story/presented.ts';
import { isRefusedProbe } from '../../story/probes.ts';
import { nextSuccess } from '../../story/queries.ts';
import { lacksBody } from '../../story/recorded.ts';
import { those, walked } from '../../story/walk.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { UNAUTHENTICATED, wordsIn } from '../shared/challenges/words-in-body.ts';
import { evidence, present } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { mcp, oauth21, rfc } from '../shared/spec/links.ts';

/** A call that needs a sign-in is answered 401: only that starts one. */
export const rule = defineRule({
  id: 'auth-required-returns-401',
  title: 'A call that needs a sign-in is not answered with 401',
  party: 'server',
  level: 'error',
  since: '2025-03-26',
  spec: [mcp('2026-07-28', 'error-handling'), rfc(9110, '15.5.2'), oauth21('5.3')],
  fix: 'Answer 401 with WWW-Authenticate: Bearer and resource_metadata.',
  *judge(story) {
    for (const server of story.servers) {
      if (!isOAuthServer(story, server)) continue;
      for (const call of walked(server, candidates)) {
        const judgement = judge(story, server, call);
        if (judgement) yield { ...judgement, occasion: `${call.status} ${operationName(call)}` };
      }
    }
  },
});

const WRONG = new Set([400, 403, 404, 500]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

const candidates = those(({ exchange, credential, status }) => {
  if (credential !== null || exchange.method !== 'POST' || exchange.fromCache) return false;
  return status === 401 || WRONG.has(status) || REDIRECTS.has(status);
});

function judge(story: Story, server: Server, call: Call): Judgement | null {
  const { exchange, status } = call;
  const subject = server.url;
  const sent = presented(story, call);
  const shown = evidence(exchange, 'response.status', String(status));
  if (sent === 'other') return null;
  if (status === 401) {
    return sent === 'unknown'
      ? null
      : { kind: 'pass', subject, message: 'The call without a token was answered 401.', evidence: [shown] };
  }
  if (isRefusedProbe(call) || isDeadSession(call)) return null;
  if (isFromGateway(exchange) && !REDIRECTS.has(status)) return null;
  const words = wordsIn(exchange.response.body.text.slice(0, 20_000), UNAUTHENTICATED);
  const said =
    words && WRONG.has(status) ? evidence(exchange, 'response.content', 'asks for authentication', words.range) : null;
  const needed = said ? null : successWithToken(server, call);
  if (!said && !needed) return null;
  // Without words only a refusal that reads as "not you" counts: a 400, 404 or 500 has other reasons too.
  if (!said && status !== 403 && !leadsToLogin(call)) {
    if (!WRONG.has(status) || !lacksBody(exchange)) return null;
    const message = `The server answered ${status} to ${operationName(call)}, which succeeded later with a token; the recording does not hold what the ${status} said.`;
    return { kind: 'open', subject, message, evidence: present([shown, needed]), missing: ['response-body'] };
  }
  if (status === 403 && isAboutOrigin(exchange)) return null;
  if (sent === 'unknown') {
    if (exchange.envelope) return null;
    const message = 'The recording does not show whether the refused request carried a token.';
    return {
      kind: 'open',
      subject,
      message,
      evidence: present([shown, said, needed]),
      missing: ['authorization-header'],
    };
  }
  const how = REDIRECTS.has(status) ? `with a redirect to a login page (${status})` : `with ${status}`;
  return {
    kind: 'fail',
    subject,
    message: `The server answered ${operationName(call)} without a token ${how} in place of 401, so the client does not learn that it has to sign in.`,
    evidence: present([shown, said, needed]),
  };
}

/** MCP transports, session management: 404 tells the client to begin a new session. */
function isDeadSession({ exchange, status }: Call): boolean {
  return status === 404 && header(exchange.request.headers, 'mcp-session-id') !== null;
}

/** The same operation succeeded later, with a token. */
function successWithToken(server: Server, call: Call): Evidence | null {
  const later = nextSuccess(server, call, call.exchange.sent);
  return later && later.credential !== null
    ? evidence(later.exchange, 'response.status', `${later.status} with a token`)
    : null;
}

const LOGIN_WORDS = ['login', 'signin', 'sign-in', 'sign_in', 'authorize', 'oauth', 'sso'];

function leadsToLogin({ exchange, status }: Call): boolean {
  const { location } = exchange.response;
  if (!REDIRECTS.has(status) || location === null) return false;
  const path = (readPlace(location)?.path ?? location.split('?')[0] ?? '').toLowerCase();
  return LOGIN_WORDS.some((word) => path.includes(word));
}
