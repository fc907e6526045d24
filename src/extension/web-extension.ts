import type { NetworkApi } from '../capture/devtools-network.ts';
import type { Port } from './devtools/wire.ts';
import type { SessionArea } from './session-area.ts';
import type { WebRequestApi } from './web-request.ts';

/**
 * The few browser interfaces that the shells use, as Chromium and Firefox share
 * them: callbacks rather than promises, which both still answer.
 */
export interface WebExtension {
  readonly runtime: RuntimeApi;
  readonly tabs: {
    create(properties: { url: string }): unknown;
    get?(id: number): Promise<{ readonly incognito?: boolean; readonly url?: string }>;
    readonly onRemoved?: { addListener(listener: (tab: number) => void): void };
  };
  readonly action: { onClicked: { addListener(listener: () => void): void } };
  readonly storage: StorageApi;
  /** Firefox gives it to a tab's page, not to DevTools'. */
  readonly permissions?: PermissionsApi;
  readonly devtools?: DevTools;
  readonly webRequest?: WebRequestApi;
  readonly webNavigation?: NavigationApi;
}

export interface NavigationApi {
  readonly onCreatedNavigationTarget: {
    addListener(listener: (details: { readonly tabId: number; readonly sourceTabId: number }) => void): void;
  };
}

export interface RuntimeApi {
  readonly id?: string;
  getURL(path: string): string;
  connect(info: { name: string }): Port;
  sendMessage(message: object): unknown;
  readonly onMessage: { addListener(listener: (message: unknown, sender: MessageSender) => void): void };
}

export interface MessageSender {
  readonly id?: string;
  readonly tab?: { readonly id?: number };
  readonly frameId?: number;
  readonly url?: string;
}

export interface PermissionsApi {
  contains(permissions: Permissions): Promise<boolean>;
  /** Must be called while a click is being handled. */
  request(permissions: Permissions): Promise<boolean>;
  remove(permissions: Permissions): Promise<boolean>;
  readonly onAdded?: { addListener(listener: () => void): void };
  readonly onRemoved?: { addListener(listener: () => void): void };
}

export interface Permissions {
  readonly permissions?: readonly string[];
  /** Match patterns. */
  readonly origins?: readonly string[];
}

export interface StorageApi {
  readonly session?: SessionArea;
  readonly local: {
    get(key: string, found: (items: { readonly [key: string]: unknown } | undefined) => void): unknown;
    set(items: { readonly [key: string]: unknown }): unknown;
  };
  readonly onChanged: {
    addListener(
      listener: (changes: { readonly [key: string]: { readonly newValue?: unknown } }, area: string) => void,
    ): void;
  };
}

/** A panel in DevTools; it is told its own window whenever it is chosen. */
export interface ExtensionPanel {
  readonly onShown: { addListener(listener: (window: Pick<Window, 'focus'> | undefined) => void): void };
}

export interface DevTools {
  readonly network: NetworkApi & { readonly onNavigated: { addListener(listener: (url: string) => void): void } };
  readonly inspectedWindow: {
    readonly tabId: number;
    reload(options?: { ignoreCache?: boolean }): void;
  };
  readonly panels: {
    /** Chromium: `default` or `dark`; Firefox: `light` or `dark`. */
    readonly themeName?: string;
    readonly onThemeChanged?: { addListener(listener: (name: string) => void): void };
    setThemeChangeHandler?(listener: (name: string) => void): void;
    create(title: string, icon: string, page: string, created?: (panel: ExtensionPanel) => void): unknown;
    /** Chromium only. */
    readonly network?: { show?(options: { filter: string }): unknown };
  };
}

interface Globals {
  readonly browser?: WebExtension;
  readonly chrome?: WebExtension;
}

/** The browser's extension interface; null in an ordinary page. */
export function webExtension(): WebExtension | null {
  const globals = globalThis as unknown as Globals;
  const found = globals.chrome ?? globals.browser;
  return typeof found?.runtime?.getURL === 'function' ? found : null;
}
