import { header } from '../../exchange/exchange.ts';
import type { Server, Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { few } from '../shared/evidence/short.ts';
import { mcp, oauth21 } from '../shared/spec/links.ts';
import { callsByCredential, credentialOf, withoutCredentials } from '../shared/tokens/carried-tokens.ts';
import { type StraySighting, strayTokens } from '../shared/tokens/stray-tokens.ts';

/** RFC 6750 knows three places for a token; MCP allows one of them. */
export const rule = defineRule({
  id: 'bearer-header-used',
  title: 'Token not sent as Authorization: Bearer',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'token-requirements'),
    mcp('2025-11-25', 'token-requirements'),
    mcp('2025-06-18', 'token-requirements'),
    mcp('2025-03-26', 'token-requirements'),
    oauth21('5.1.1'),
  ],
  fix: 'Send the access token in the Authorization header with the Bearer scheme, and nowhere else.',
  *judge(story) {
    const byServer = new Map<Server, StraySighting[]>();
    for (const { sightings } of strayTokens(story)) {
      for (const sighting of sightings) {
        if (!sighting.at || !isOtherMeans(sighting)) continue;
        const list = byServer.get(sighting.at);
        if (list) list.push(sighting);
        else byServer.set(sighting.at, [sighting]);
      }
    }
    for (const server of story.servers) {
      const judgement = judge(story, server, byServer.get(server) ?? []);
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, server: Server, sightings: readonly StraySighting[]): Judgement | null {
  const subject = server.url;
  const [first] = sightings;
  if (first) {
    const message = `The client sent the access token in ${placeOf(first)}, not as Authorization: Bearer.`;
    const seen = few(sightings).map(({ exchange, part, range }) => evidence(exchange, part, 'the access token', range));
    // One means of sending is one fault, however many requests use it.
    return { kind: 'fail', subject, occasion: first.part, message, evidence: seen };
  }
  const call = [...callsByCredential(server).values()][0]?.[0];
  if (!call) return withoutCredentials(story, server);
  const message = 'The client sends the access token in the Authorization header.';
  return { kind: 'pass', subject, message, evidence: [credentialOf(call, call.scheme)] };
}

/** The legs to a local proxy have headers of their own; parameters mirrored into headers are a tool's arguments. */
const NOT_MEANS = ['mcp-param-', 'x-mcp-', 'x-custom-auth-header', 'referer'];

/** A body's form field, a cookie or another header, in place of the header that MCP demands. */
function isOtherMeans({ exchange, part }: StraySighting): boolean {
  const { headers, body } = exchange.request;
  if (part === 'request.url') return false;
  if (part === 'request.postData') {
    return body.mimeType === 'application/x-www-form-urlencoded' && header(headers, 'authorization') === null;
  }
  const name = part.slice('request.headers.'.length);
  if (name === 'authorization') return true;
  return !NOT_MEANS.some((prefix) => name.startsWith(prefix)) && header(headers, 'authorization') === null;
}

function placeOf({ exchange, part }: StraySighting): string {
  if (part === 'request.postData') return 'the body';
  const name = part.slice('request.headers.'.length);
  if (name === 'cookie') return 'a cookie';
  if (name !== 'authorization') return `the header ${name}`;
  const value = header(exchange.request.headers, 'authorization')?.trim() ?? '';
  const space = value.indexOf(' ');
  return space < 0 ? 'the Authorization header without a scheme' : `the Authorization header with another scheme`;
}
