import { channelName } from '../../../src/extension/channel.ts';
import { Recorder } from '../../../src/extension/devtools/recorder.ts';
import { liveTraffic } from '../../../src/extension/panel/host/devtools-host.ts';
import { pageHost } from '../../../src/extension/panel/host/page-host.ts';
import { windowSettings } from '../../../src/extension/panel/host/settings-store.ts';
import { mount } from '../../../src/extension/panel/mount.tsx';
import type { Store } from '../../../src/extension/panel/store/store.ts';

/** What a test has hold of: the recorder that DevTools would feed, and the panel's state. */
export interface LivePage {
  readonly recorder: Recorder;
  readonly store: Store;
  /** How often the panel asked for the watched page to be loaded again. */
  reloads: number;
}

// Recorder, channel and panel are those of the extension; only DevTools is missing between them and the network.
const name = channelName(0);
const recorder = new Recorder(new BroadcastChannel(name));
const settings = windowSettings();
const live: { page: LivePage | null } = { page: null };
const store = await mount({
  ...pageHost(settings),
  live: liveTraffic(new BroadcastChannel(name)),
  reload: () => {
    if (live.page !== null) live.page.reloads += 1;
  },
});
live.page = { recorder, store, reloads: 0 };
Object.assign(window, { live: live.page });
