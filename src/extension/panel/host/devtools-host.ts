import { type Sight, sightOfFile } from '../../../capture/blind-spots.ts';
import type { AskMessage } from '../../asking.ts';
import { channelName, type PanelMessage, readRecorderMessage } from '../../channel.ts';
import type { DevTools, PermissionsApi, RuntimeApi } from '../../web-extension.ts';
import { fetchKeys } from './fetch-keys.ts';
import type { Host, LiveListener, LiveTraffic, SettingsStore, Theme, ThemeSource } from './host.ts';

/** The panel inside DevTools: colours and traffic come from there. */
export function devtoolsHost(
  devtools: DevTools,
  settings: SettingsStore,
  permissions: PermissionsApi | null,
  runtime: Pick<RuntimeApi, 'sendMessage'>,
): Host {
  const { network } = devtools.panels;
  const tell = (message: AskMessage): void => void runtime.sendMessage(message);
  return {
    theme: themeOf(devtools.panels),
    live: liveTraffic(new BroadcastChannel(channelName(devtools.inspectedWindow.tabId))),
    reload: () => devtools.inspectedWindow.reload({ ignoreCache: false }),
    settings,
    permissions,
    fetchKeys: (address) => fetchKeys(address),
    showNetwork: network?.show === undefined ? null : (filter) => void network.show?.({ filter }),
    askInTab: permissions === null ? (asked) => tell({ kind: 'ask-in-tab', asked }) : null,
    asked: null,
    blindSpots: { current: sightOfDevtools(), onChange: () => undefined },
  };
}

/** Tier 0: the network log of this DevTools. */
function sightOfDevtools(): Sight {
  const firefox = location.protocol === 'moz-extension:';
  return { ...sightOfFile, live: true, recording: true, browser: firefox ? 'firefox' : 'chromium' };
}

function themeOf(panels: DevTools['panels']): ThemeSource {
  const read = (name: string | undefined): Theme => (name === 'dark' ? 'dark' : 'light');
  return {
    current: read(panels.themeName),
    onChange(listener) {
      const changed = (name: string): void => listener(read(name));
      if (panels.onThemeChanged !== undefined) panels.onThemeChanged.addListener(changed);
      else panels.setThemeChangeHandler?.(changed);
    },
  };
}

/** Follows the recorder: entries are taken once and in order, a gap asks for everything again. */
export function liveTraffic(channel: Pick<BroadcastChannel, 'postMessage' | 'onmessage'>): LiveTraffic {
  const say = (message: PanelMessage): void => channel.postMessage(message);
  let session: string | null = null;
  let taken = 0;
  const follow = (data: unknown, listener: LiveListener): void => {
    const message = readRecorderMessage(data);
    if (message === null) return;
    if (message.kind === 'begin') {
      if (message.session !== session) taken = 0;
      session = message.session;
      listener.begin(message.session, message.recording, message.since, message.bodiless, message);
      return;
    }
    if (message.kind === 'observed') {
      if (message.session === session) listener.observed(message.reports);
      return;
    }
    if (message.session !== session || (message.kind === 'replace' ? message.index >= taken : message.first > taken)) {
      say({ kind: 'hello' });
      return;
    }
    if (message.kind === 'replace') {
      listener.replace(message.index, message.entry);
      return;
    }
    const fresh = message.entries.slice(taken - message.first);
    if (fresh.length === 0) return;
    taken += fresh.length;
    listener.entries(fresh);
  };
  return {
    listen(listener) {
      channel.onmessage = (event) => follow(event.data, listener);
      say({ kind: 'hello' });
    },
    record: (on) => say({ kind: 'record', on }),
    clear: () => say({ kind: 'clear' }),
  };
}
