import type { Server, Story } from './model.ts';

/**
 * Whether the log shows that a server takes part in MCP's OAuth: it has protected resource metadata, a
 * client signed in for it, or it challenges with Bearer or DPoP. Others may have a scheme of their own,
 * which MCP allows (guard G18).
 */
export function isOAuthServer(story: Story, server: Server): boolean {
  return (
    server.metadata.length > 0 ||
    server.refused.some(({ challenge }) => challenge !== null) ||
    story.chains.some((chain) => chain.server === server)
  );
}
