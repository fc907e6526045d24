import { sightOfFile } from '../../../src/capture/blind-spots.ts';
import type { Asked } from '../../../src/extension/asking.ts';
import { channelName } from '../../../src/extension/channel.ts';
import { Recorder } from '../../../src/extension/devtools/recorder.ts';
import { liveTraffic } from '../../../src/extension/panel/host/devtools-host.ts';
import { pageHost } from '../../../src/extension/panel/host/page-host.ts';
import { windowSettings } from '../../../src/extension/panel/host/settings-store.ts';
import { mount } from '../../../src/extension/panel/mount.tsx';
import type { Store } from '../../../src/extension/panel/store/store.ts';
import type { Permissions, PermissionsApi } from '../../../src/extension/web-extension.ts';

/** What a test has hold of: the recorder that DevTools would feed, and the panel's state. */
export interface LivePage {
  readonly recorder: Recorder;
  readonly store: Store;
  /** How often the panel asked for the watched page to be loaded again. */
  reloads: number;
  /** What it wanted asked in a tab. */
  readonly asked: Asked[];
}

// Recorder, channel and panel are those of the extension; only DevTools is missing between them and the network.
const name = channelName(0);
const recorder = new Recorder(new BroadcastChannel(name));
const settings = windowSettings();
/** Permissions as a browser grants them, where the address says that they can be asked for. */
const granted = new Set<string>();
const namesOf = ({ permissions = [], origins = [] }: Permissions): readonly string[] => [...permissions, ...origins];
const permissions: PermissionsApi = {
  contains: async (wanted) => namesOf(wanted).every((name) => granted.has(name)),
  request: async (wanted) => {
    for (const name of namesOf(wanted)) granted.add(name);
    return true;
  },
  remove: async (given) =>
    namesOf(given)
      .map((name) => granted.delete(name))
      .includes(true),
};
const mayAsk = location.search === '?ask';
const asked: Asked[] = [];
const live: { page: LivePage | null } = { page: null };
const store = await mount({
  ...pageHost(settings),
  permissions: mayAsk ? permissions : null,
  live: liveTraffic(new BroadcastChannel(name)),
  askInTab: mayAsk ? null : (wanted) => void asked.push(wanted),
  blindSpots: {
    current: { ...sightOfFile, live: true, recording: true, browser: 'chromium' },
    onChange: () => undefined,
  },
  reload: () => {
    if (live.page !== null) live.page.reloads += 1;
  },
});
live.page = { recorder, store, reloads: 0, asked };
Object.assign(window, { live: live.page });
