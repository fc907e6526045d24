import { computed, effect } from '@preact/signals';
import { sitesOf } from '../../../capture/observable-sites.ts';
import { type ScriptView, scriptViews } from '../../../capture/script-view.ts';
import { hostPattern } from '../../host-pattern.ts';
import type { Host } from '../host/host.ts';
import type { Sessions } from './sessions.ts';
import type { SettingsState } from './settings.ts';

export type Observing = ReturnType<typeof createObserving>;

/** Looking closer: on which sites the observer runs, and what it saw of the exchanges shown. */
export function createObserving(
  host: Host,
  { analysis, shownFile, reports }: Sessions,
  { settings, change }: SettingsState,
) {
  const sites = computed(() => (analysis.value === null ? null : sitesOf(analysis.value)));
  const observed = computed(() => settings.value.observedSites);
  const framed = computed(() => settings.value.observedFrames);
  /** Origins that may be looked at closely: this session's, or those of the panel that opened this tab. */
  const observable = computed(() => host.asked?.look ?? sites.value?.observable ?? []);
  const views = computed(() =>
    analysis.value === null || shownFile.value !== null || reports.value.length === 0
      ? new Map<number, ScriptView>()
      : scriptViews(analysis.value.exchanges, reports.value),
  );
  const needs = (origin: string) => ({ permissions: ['scripting'], origins: [hostPattern(origin)] });

  /** Asks for this site's permission and begins with its next load; call it while a click is being handled. */
  async function observe(origin: string): Promise<boolean> {
    if (host.permissions === null || sites.value?.forbidden.has(origin) === true) return false;
    const granted = await host.permissions.request(needs(origin)).catch(() => false);
    if (granted) change({ observedSites: [...observed.value.filter((one) => one !== origin), origin] });
    return granted;
  }

  /** Whether the observer runs in this site's frames too, whatever page embeds them. */
  function observeFrames(origin: string, on: boolean): void {
    const others = framed.value.filter((one) => one !== origin);
    change({ observedFrames: on ? [...others, origin] : others });
  }

  /** Ends it, and gives the permission back unless another site of the same host needs it. */
  async function stopObserving(origin: string): Promise<void> {
    const others = observed.value.filter((one) => one !== origin);
    change({ observedSites: others, observedFrames: framed.value.filter((one) => one !== origin) });
    const shared = others.some((one) => hostPattern(one) === hostPattern(origin));
    if (!shared) await host.permissions?.remove({ origins: [hostPattern(origin)] }).catch(() => false);
  }

  // A site that turns out to be an authorization server's, where users type passwords, is left at once.
  effect(() => {
    if (shownFile.value !== null || sites.value === null) return;
    for (const origin of observed.value) if (sites.value.forbidden.has(origin)) void stopObserving(origin);
  });

  return { sites, observed, framed, observable, views, observe, observeFrames, stopObserving };
}
