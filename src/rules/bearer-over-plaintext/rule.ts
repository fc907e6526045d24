import { header } from '../../exchange/exchange.ts';
import { readPlace } from '../../protocol/url.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import { isLocal, isPlaintext } from '../../story/plaintext.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { mcp, oauth21, rfc } from '../shared/spec/links.ts';
import { callsByCredential, withoutCredentials } from '../shared/tokens/carried-tokens.ts';

/** A bearer token is readable by everybody on the way unless TLS hides it. */
export const rule = defineRule({
  id: 'bearer-over-plaintext',
  title: 'Access token sent without TLS',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'communication-security', 'security-considerations'),
    mcp('2025-11-25', 'communication-security'),
    mcp('2025-06-18', 'communication-security'),
    mcp('2025-03-26', 'security-considerations'),
    oauth21('1.5'),
    rfc(6750, '5.3'),
  ],
  fix: 'Reach the MCP server by https, and refuse to send a token to any http URL that is not this machine.',
  *judge(story) {
    for (const server of story.servers) {
      const judgement = judge(story, server);
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, server: Server): Judgement | null {
  const subject = server.url;
  const occasion = server.url;
  const plain = readPlace(server.url)?.protocol === 'http:';
  const carrying = [...callsByCredential(server).values()].flatMap((calls) => calls.find(isOnTheWire) ?? []);
  const [call] = carrying;
  if (!call) return isPlaintext(server.url) ? withoutCredentials(story, server) : null;
  const seen = [evidence(call.exchange, 'request.url', readPlace(server.url)?.origin ?? '', schemeRange(call))];
  if (!plain) return { kind: 'pass', subject, occasion, message: 'The access token travels over TLS.', evidence: seen };
  if (isLocal(server.url)) {
    const message = 'The server is on this machine, where no TLS is needed.';
    return { kind: 'notApplicable', subject, occasion, message, evidence: seen };
  }
  const message = `The access token went to ${readPlace(server.url)?.origin ?? server.url} without TLS: everybody on the way can read it.`;
  return { kind: 'fail', subject, occasion, message, evidence: seen };
}

/** Blocked requests, and those the browser itself sends by https instead (HSTS), never leave in clear. */
function isOnTheWire({ exchange, status }: Call): boolean {
  return status > 0 && header(exchange.response.headers, 'non-authoritative-reason') === null;
}

function schemeRange({ exchange }: Call): readonly [number, number] | null {
  const end = exchange.url.indexOf(':');
  return end > 0 ? [0, end] : null;
}
