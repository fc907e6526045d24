import { defaultSettings, readSettings, type Settings, settingsKey } from '../../settings.ts';
import type { StorageApi } from '../../web-extension.ts';
import type { SettingsStore } from './host.ts';

/** Settings in the extension's own storage, shared by all its pages. */
export async function extensionSettings({ local, onChanged }: StorageApi): Promise<SettingsStore> {
  const stored = await new Promise<unknown>((read) => local.get(settingsKey, (items) => read(items?.[settingsKey])));
  return holding(
    readSettings(stored),
    (settings) => local.set({ [settingsKey]: settings }),
    (changed) =>
      onChanged.addListener((changes, area) => {
        const change = area === 'local' ? changes[settingsKey] : undefined;
        if (change !== undefined) changed(change.newValue);
      }),
  );
}

/** What is needed of the storage and the events of an ordinary page. */
export interface PageStorage {
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  addListener(listener: (event: { readonly key: string | null; readonly newValue: string | null }) => void): void;
}

/** Settings in the storage of an ordinary page. */
export function pageSettings(page: PageStorage): SettingsStore {
  const name = `mcp-auth-inspector/${settingsKey}`;
  return holding(
    readSettings(parsed(page.storage.getItem(name))),
    (settings) => page.storage.setItem(name, JSON.stringify(settings)),
    (changed) =>
      page.addListener(({ key, newValue }) => {
        if (key === name || key === null) changed(parsed(newValue));
      }),
  );
}

/** Settings that last as long as the page: where the browser keeps nothing for us. */
export function passingSettings(): SettingsStore {
  return holding(
    defaultSettings,
    () => {},
    () => {},
  );
}

/** The ordinary page's own storage; passing where it is forbidden. */
export function windowSettings(): SettingsStore {
  try {
    return pageSettings({
      storage: localStorage,
      addListener: (listener) => addEventListener('storage', listener),
    });
  } catch {
    return passingSettings();
  }
}

type Listener = (settings: Settings) => void;

function holding(
  first: Settings,
  keep: (settings: Settings) => unknown,
  follow: (changed: (stored: unknown) => void) => void,
): SettingsStore {
  let current = first;
  const listeners: Listener[] = [];
  const take = (settings: Settings): void => {
    current = settings;
    for (const listener of listeners) listener(settings);
  };
  follow((stored) => take(readSettings(stored)));
  return {
    get current() {
      return current;
    },
    write(settings) {
      take(settings);
      // No room, or forbidden: they hold for this page all the same.
      void (async () => keep(settings))().catch(() => {});
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
