import type { Story } from '../story/model.ts';
import { timestamp } from './analyze.ts';
import type { ResultStory } from './result.ts';

/** The story as plain JSON: who is who, without any secret. */
export function storyOf(story: Story): ResultStory {
  const registered = new Map(story.chains.map(({ id, registration }) => [id, registration]));
  const clients = new Map<string, ResultStory['clients'][number]>();
  for (const { clientId, issuer, server, chain } of story.grants) {
    if (clientId === null || !server) continue;
    const key = `${clientId}\n${issuer}`;
    const registration = registered.get(chain) ?? null;
    if (!registration && clients.has(key)) continue;
    clients.set(key, {
      clientId,
      issuer,
      registration: registration?.source ?? (clientId.startsWith('https://') ? 'cimd' : 'unknown'),
      grantTypes: registration?.response?.grantTypes ?? registration?.request?.grantTypes ?? null,
    });
  }
  return {
    servers: story.servers.map((server) => ({
      url: server.url,
      specVersion: server.revision,
      specVersionFrom: server.revisionFrom,
      issuers: server.issuers,
      calls: server.calls.length,
    })),
    authorizationServers: story.authorizationServers
      .filter(({ issuer }) => concernsServer(story, issuer))
      .map(({ issuer, metadata }) => ({
        issuer,
        scopesSupported: metadata.at(-1)?.metadata.scopesSupported ?? null,
        codeChallengeMethods: metadata.at(-1)?.metadata.codeChallengeMethodsSupported ?? null,
      })),
    clients: [...clients.values()],
    grants: story.grants.flatMap((grant) =>
      grant.server === null
        ? []
        : [
            {
              id: grant.id,
              server: grant.server.url,
              issuer: grant.issuer,
              clientId: grant.clientId ?? '',
              cause: grant.cause,
              requested: grant.requested,
              granted: grant.granted,
              refreshToken: grant.refreshToken,
              entries: {
                authorize: grant.authorization?.exchange.entry ?? null,
                callback: grant.callback?.exchange.entry ?? null,
                token: grant.token?.exchange.entry ?? null,
                refreshes: grant.refreshes.map(({ exchange }) => exchange.entry),
              },
            },
          ],
    ),
    tokens: story.tokens
      .filter(({ grant }) => grant === null || grant.server !== null)
      .map((token) => ({
        id: token.id,
        kind: token.kind,
        format: token.jwt ? 'jwt' : 'opaque',
        grant: token.grant?.id ?? null,
        scope: token.scope,
        issuedAt: timestamp(token.issuedAt),
        expiresAt: timestamp(token.expiresAt),
        uses: [...token.uses],
      })),
    recoveries: story.recoveries.map(({ call, status, how, ms, entries }) => ({
      entry: call.exchange.entry,
      status,
      how,
      ms: ms === null ? null : Math.round(ms),
      entries,
    })),
  };
}

/** An authorization server belongs in the result when an MCP server names it or a grant for one used it. */
function concernsServer(story: Story, issuer: string): boolean {
  return (
    story.servers.some((server) =>
      server.issuers.some((named) => named === issuer || `${named}/` === issuer || named === `${issuer}/`),
    ) || story.grants.some((grant) => grant.server !== null && grant.issuer === issuer)
  );
}
