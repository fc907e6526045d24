import type { Chain, Grant, Server, Story } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { isUrlClientId } from './client-id.ts';

/** A client known by a URL, at one issuer for one server, with its first grant there. */
export interface UrlClient {
  readonly clientId: string;
  readonly chain: Chain;
  readonly server: Server;
  readonly grant: Grant;
}

/** Clients whose id is a URL that no registration of the log gave, once for each issuer and server. */
export const urlClients = oncePer((story: Story): readonly UrlClient[] => {
  const issued = new Set(story.registrations.filter(({ source }) => source !== 'cimd').map(({ clientId }) => clientId));
  const found = new Map<string, UrlClient>();
  for (const chain of story.chains) {
    const { server, clientId, issuer } = chain;
    const [grant] = chain.grants;
    if (!server || !grant || !isUrlClientId(clientId) || issued.has(clientId)) continue;
    const key = JSON.stringify([clientId, issuer, server.url]);
    if (!found.has(key)) found.set(key, { clientId, chain, server, grant });
  }
  return [...found.values()];
});
