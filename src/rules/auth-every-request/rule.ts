import type { Call, Server, Story } from '../../story/model.ts';
import { isOAuthServer } from '../../story/oauth-servers.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { few } from '../shared/evidence/short.ts';
import { times } from '../shared/evidence/words.ts';
import { mcp, oauth21 } from '../shared/spec/links.ts';
import { credentialOf, withoutCredentials } from '../shared/tokens/carried-tokens.ts';
import { unauthenticatedCalls } from '../shared/tokens/unauthenticated-calls.ts';

/** The token goes with every HTTP request to the server, even within one session. */
export const rule = defineRule({
  id: 'auth-every-request',
  title: 'Requests without the token that the client holds',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  aliases: ['valid-bearer-token'],
  spec: [
    mcp('2026-07-28', 'token-requirements'),
    mcp('2025-11-25', 'token-requirements'),
    mcp('2025-06-18', 'token-requirements'),
    mcp('2025-03-26', 'token-requirements'),
    oauth21('5.1.1'),
  ],
  fix: 'Attach the access token to every request to the MCP server: each POST, the GET stream and the DELETE alike.',
  *judge(story) {
    for (const server of story.servers) {
      if (!isOAuthServer(story, server)) continue;
      const judgement = judge(story, server);
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, server: Server): Judgement | null {
  const subject = server.url;
  const occasion = server.url;
  const { carried, unseen, missing, doubtful } = unauthenticatedCalls(story, server);
  const [fault] = missing;
  if (fault) {
    const count = missing.length === 1 ? `a request (${nameOf(fault.call)})` : `requests ${times(missing.length)}`;
    const message = `The client sent ${count} without the access token that the server had accepted before and that the client used again later.`;
    const calls = few(missing).map(({ call }) =>
      evidence(call.exchange, 'request.url', `${nameOf(call)}, no Authorization`),
    );
    return { kind: 'fail', subject, occasion, message, evidence: [...calls, credentialOf(fault.accepted, 'accepted')] };
  }
  const [doubt] = doubtful;
  if (doubt) {
    const message = `A request (${nameOf(doubt.call)}) went without a token; whether the client still held one is not in the log.`;
    const seen = [
      evidence(doubt.call.exchange, 'request.url', 'no Authorization'),
      credentialOf(doubt.accepted, 'accepted'),
    ];
    return { kind: 'open', subject, occasion, message, evidence: seen, missing: ['later-traffic'] };
  }
  if (!carried) return withoutCredentials(story, server);
  if (unseen) {
    const message = `A request (${nameOf(unseen)}) was recorded without its headers; whether it carried the token is not in the log.`;
    const seen = [evidence(unseen.exchange, 'request.url', 'headers not recorded')];
    return { kind: 'open', subject, occasion, message, evidence: seen, missing: ['request-headers'] };
  }
  const message = 'Since it has an access token, the client sends it with every request.';
  return { kind: 'pass', subject, occasion, message, evidence: [credentialOf(carried, 'the access token')] };
}

function nameOf({ requests, exchange }: Call): string {
  return requests[0]?.method ?? exchange.method;
}
