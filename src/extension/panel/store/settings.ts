import { computed, signal } from '@preact/signals';
import type { Suppression } from '../../../report/suppressions.ts';
import type { Settings } from '../../settings.ts';
import type { Host } from '../host/host.ts';

export type SettingsState = ReturnType<typeof createSettings>;

/** What the user set once, for every session. */
export function createSettings({ settings: kept }: Host) {
  const settings = signal<Settings>(kept.current);
  kept.onChange((changed) => {
    settings.value = changed;
  });
  const suppressions = computed(() => settings.value.suppressions);
  /** The suppression just made, which may be taken back at once; null once it is settled. */
  const justSuppressed = signal<Suppression | null>(null);

  function change(changes: Partial<Omit<Settings, 'version'>>): void {
    kept.write({ ...kept.current, ...changes });
  }

  function suppressRule(suppression: Suppression): void {
    const others = kept.current.suppressions.filter((one) => !same(one, suppression));
    change({ suppressions: [...others, suppression] });
    justSuppressed.value = suppression;
  }

  function restoreRule(suppression: Suppression): void {
    change({ suppressions: kept.current.suppressions.filter((one) => !same(one, suppression)) });
    justSuppressed.value = null;
  }

  return { settings, suppressions, justSuppressed, change, suppressRule, restoreRule };
}

function same(one: Suppression, other: Suppression): boolean {
  return one.rule === other.rule && one.origin === other.origin;
}
