import { sightOfFile } from '../../../capture/blind-spots.ts';
import type { PermissionsApi } from '../../web-extension.ts';
import type { Host, SettingsStore } from './host.ts';

/** An ordinary page: colours follow the system, sessions come from files. */
export function pageHost(
  settings: SettingsStore,
  permissions: PermissionsApi | null = null,
  fetchKeys: Host['fetchKeys'] = null,
  asked: Host['asked'] = null,
): Host {
  const blindSpots = { current: sightOfFile, onChange: () => undefined };
  return {
    theme: null,
    live: null,
    reload: null,
    settings,
    permissions,
    fetchKeys,
    showNetwork: null,
    blindSpots,
    askInTab: null,
    asked,
  };
}
