import { computed, signal } from '@preact/signals';
import { hostPattern } from '../../host-pattern.ts';
import type { Host } from '../host/host.ts';
import type { Observing } from './observing.ts';
import type { Sessions } from './sessions.ts';

export type Watching = ReturnType<typeof createWatching>;

/** What watching needs beside the sites; asked for together with them. */
const apis = ['webRequest', 'webNavigation'];
const allSites = ['http://*/*', 'https://*/*'];

/** Watching popups, workers and open streams: on all sites, on this session's, or not at all. */
export function createWatching(host: Host, { analysis }: Sessions, { sites, observed }: Observing) {
  const watched = signal<'all' | 'sites' | null>(null);
  /** Match patterns of this session's pages, MCP servers and authorization servers. */
  const ofSession = computed(() => {
    const { servers = [], authorizationServers = [] } = analysis.value?.result.story ?? {};
    const urls = [
      ...(sites.value?.observable ?? []),
      ...servers.map(({ url }) => url),
      ...authorizationServers.map(({ issuer }) => issuer),
    ];
    return [...new Set(urls.filter((url) => /^https?:/.test(url) && URL.canParse(url)).map(hostPattern))];
  });

  async function look(): Promise<void> {
    const { permissions } = host;
    if (permissions === null) return;
    const has = (origins: readonly string[]): Promise<boolean> =>
      permissions.contains({ permissions: apis, origins }).catch(() => false);
    if (await has(allSites)) watched.value = 'all';
    else watched.value = ofSession.peek().length > 0 && (await has(ofSession.peek())) ? 'sites' : null;
  }

  /** Asks for all that is needed at once; call it while a click is being handled. False when refused. */
  async function startWatching(where: 'all' | 'sites'): Promise<boolean> {
    if (host.permissions === null) return false;
    const origins = where === 'all' ? allSites : ofSession.peek();
    const granted = await host.permissions.request({ permissions: apis, origins }).catch(() => false);
    await look();
    return granted;
  }

  /** Gives back what was granted, but not the sites that are looked at closely. */
  async function stopWatching(): Promise<void> {
    const kept = new Set(observed.peek().map(hostPattern));
    const origins = [...allSites, ...ofSession.peek().filter((pattern) => !kept.has(pattern))];
    await host.permissions?.remove({ permissions: apis }).catch(() => false);
    await host.permissions?.remove({ origins }).catch(() => false);
    await look();
  }

  void look();
  host.permissions?.onAdded?.addListener(() => void look());
  host.permissions?.onRemoved?.addListener(() => void look());
  return { watched, sitesToWatch: ofSession, startWatching, stopWatching };
}
