import type { Server, Story } from './model.ts';
import { oncePer } from './once.ts';

/**
 * Whether the log shows that a server takes part in MCP's OAuth: it has protected resource metadata, a
 * client signed in for it, it challenges with Bearer or DPoP, or it is sent tokens that name their issuer. Others may
 * have a scheme of their own, which MCP allows (guard G18).
 */
export function isOAuthServer(story: Story, server: Server): boolean {
  return (
    server.metadata.length > 0 ||
    server.refused.some(({ challenge }) => challenge !== null) ||
    story.chains.some((chain) => chain.server === server) ||
    sentClaims(story).has(server.url)
  );
}

/** The servers that were sent a token which names its issuer. */
const sentClaims = oncePer((story: Story): ReadonlySet<string | null> => {
  const named = story.tokens.filter(({ kind, jwt }) => kind === 'access' && jwt !== null && jwt.issuer !== null);
  return new Set(named.map(({ uses }) => (uses[0] === undefined ? null : (story.roleOf(uses[0])?.server ?? null))));
});
