import { computed, signal } from '@preact/signals';
import { hostPattern } from '../../host-pattern.ts';
import { allSites, coversAll } from '../../watch-state.ts';
import type { Host } from '../host/host.ts';
import type { Observing } from './observing.ts';
import type { Sessions } from './sessions.ts';

export type Watching = ReturnType<typeof createWatching>;

/** What watching needs beside the sites; asked for together with them. */
const apis = ['webRequest', 'webNavigation'];

/** Watching popups, workers and open streams: on all sites, on this session's, or not at all. */
export function createWatching(host: Host, { analysis, watchState }: Sessions, { sites, observed }: Observing) {
  /** In a tab, where no background tells: what was found when it was asked. */
  const found = signal<readonly string[] | null>(null);
  /** The browser's policy forbids what the user was asked for. */
  const refusedByPolicy = signal(false);
  /**
   * Match patterns of the pages, MCP servers and authorization servers (each of their endpoints) that this session has
   * shown so far. A popup may lead to another host: then not all are watched any more, and the offer is made again.
   */
  const ofSession = computed(() => {
    if (host.asked !== null) return host.asked.watch;
    const { servers = [], authorizationServers = [] } = analysis.value?.story ?? {};
    const urls = [
      ...(sites.value?.observable ?? []),
      ...servers.map(({ url }) => url),
      ...authorizationServers.flatMap(({ issuer, metadata: documents }) => [
        issuer,
        ...documents.flatMap(({ metadata }) => [metadata.authorizationEndpoint ?? '', metadata.tokenEndpoint ?? '']),
      ]),
    ];
    return [...new Set(urls.filter((url) => /^https?:/.test(url) && URL.canParse(url)).map(hostPattern))];
  });
  const watched = computed<'all' | 'sites' | null>(() => {
    const patterns = host.live === null ? found.value : watchState.value.watched;
    if (patterns === null) return null;
    if (coversAll(patterns)) return 'all';
    const wanted = ofSession.value;
    return wanted.length > 0 && wanted.every((pattern) => patterns.includes(pattern)) ? 'sites' : null;
  });

  async function look(): Promise<void> {
    const { permissions } = host;
    if (permissions === null || host.live !== null) return;
    const has = (origins: readonly string[]): Promise<boolean> =>
      permissions.contains({ permissions: apis, origins }).catch(() => false);
    const wanted = ofSession.peek();
    if (await has(allSites)) found.value = allSites;
    else found.value = wanted.length > 0 && (await has(wanted)) ? wanted : null;
  }

  /**
   * Asks for all that is needed at once; call it while a click is being handled. False when refused, null when the
   * question is put in a tab.
   */
  async function startWatching(where: 'all' | 'sites'): Promise<boolean | null> {
    if (host.permissions === null) {
      host.askInTab?.({ watch: ofSession.peek(), look: sites.peek()?.observable ?? [] });
      return host.askInTab === null ? false : null;
    }
    const origins = where === 'all' ? allSites : ofSession.peek();
    const granted = await host.permissions.request({ permissions: apis, origins }).catch((error: unknown) => {
      // Chromium's words: "Permissions are blocked by enterprise policy."
      refusedByPolicy.value = /policy/i.test(String(error));
      return false;
    });
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
  return { watched, refusedByPolicy, sitesToWatch: ofSession, startWatching, stopWatching };
}
