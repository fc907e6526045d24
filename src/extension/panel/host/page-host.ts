import type { Host, SettingsStore } from './host.ts';

/** An ordinary page: colours follow the system, sessions come from files. */
export function pageHost(settings: SettingsStore): Host {
  return { theme: null, live: null, reload: null, settings };
}
