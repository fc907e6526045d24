import { readPlace } from '../../../protocol/url.ts';
import type { Server, Sighting, Story, Token } from '../../../story/model.ts';
import { isOAuthServer } from '../../../story/oauth-servers.ts';
import { oncePer } from '../../../story/once.ts';
import { isSecret } from '../../../story/token-book.ts';
import { callsByCredential } from './carried-tokens.ts';

/** An access token for an MCP server, and every place that holds it but the `Authorization` header of a call. */
export interface StrayToken {
  readonly token: Token;
  readonly server: Server;
  readonly sightings: readonly StraySighting[];
  /** Nowhere to be found, not even in the calls that carried it: too short to be told from any other text. */
  readonly short: boolean;
}

export interface StraySighting extends Sighting {
  /** The MCP server that the request went to; null for anybody else. */
  readonly at: Server | null;
}

/** The story's access tokens for MCP servers (guard G21), with the places they should not be in. */
export const strayTokens = oncePer((story: Story): readonly StrayToken[] => {
  const servers = new Map(story.servers.map((server) => [server.url, server]));
  const targets = new Map<string, Server | null>();
  const serverAt = (url: string): Server | null => {
    const seen = targets.get(url);
    if (seen !== undefined) return seen;
    const server = servers.get(readPlace(url)?.endpoint ?? '') ?? null;
    targets.set(url, server);
    return server;
  };
  return story.tokens.flatMap((token): StrayToken[] => {
    if (token.kind !== 'access' || !isSecret(token.value)) return [];
    const server = token.grant?.server ?? story.servers.find((one) => callsByCredential(one).has(token.value)) ?? null;
    // A key of the server's own kind is no access token (guard G18).
    if (!server || (!token.grant && !isOAuthServer(story, server))) return [];
    const found = story.sightings(token.value, (endpoint) => servers.has(endpoint));
    const sightings = found.flatMap((sighting): StraySighting[] => {
      const at = serverAt(sighting.exchange.url);
      const ordinary = at !== null && sighting.part === 'request.headers.authorization';
      return ordinary && isCarried(sighting, token.value) ? [] : [{ ...sighting, at }];
    });
    return [{ token, server, sightings, short: found.length === 0 && !story.isSighted(token.value) }];
  });
});

/** Whether the header is a `Bearer` or `DPoP` credential: nothing but the scheme stands before the token. */
function isCarried({ exchange, range }: Sighting, value: string): boolean {
  for (const field of exchange.request.headers) {
    if (field.name.toLowerCase() !== 'authorization') continue;
    const scheme = field.value.slice(0, range[0]).trim().toLowerCase();
    if ((scheme === 'bearer' || scheme === 'dpop') && field.value.length >= value.length) return true;
  }
  return false;
}
