import { watchNetwork } from '../../capture/devtools-network.ts';
import { asObject, type Json } from '../../capture/har-json.ts';
import { channelName, observerChannelName } from '../channel.ts';
import { defaultSettings, readSettings, settingsKey } from '../settings.ts';
import { webExtension } from '../web-extension.ts';
import { Keeper } from './keeper.ts';
import { readObserved, reportReader, watchObserver } from './observed.ts';
import { watchHere } from './own-watch.ts';
import { Recorder } from './recorder.ts';
import { TabSession } from './session.ts';
import { followWire } from './wire.ts';

// Runs as long as DevTools is open, so that nothing is lost before the panel is looked at.
const extension = webExtension();
const devtools = extension?.devtools;
if (extension !== null && devtools !== undefined) {
  // First: whatever fails below, there is a panel that can say so.
  devtools.panels.create('MCP Auth', '/icons/32.png', '/src/extension/panel/panel.html', (panel) =>
    // Who comes by keyboard goes on by keyboard, as in the browser's own panels.
    panel.onShown.addListener((shown) => shown?.focus()),
  );
  const { tabId } = devtools.inspectedWindow;
  const recorder = new Recorder(new BroadcastChannel(channelName(tabId)));
  // Firefox's DevTools pages lack some of the interfaces.
  const area = extension.storage?.session;
  const keeper = area === undefined ? null : new Keeper(area, tabId, () => recorder.since);
  const session = new TabSession(recorder, keeper, tabId);
  // What comes while the earlier session is read waits, so that it stands behind it.
  const earlier = (keeper?.load() ?? Promise.resolve(null)).catch(() => null);
  const resumed = earlier.then((kept) => {
    if (kept === null) return;
    session.resume(kept.since, kept.entries);
    recorder.dropped = kept.dropped;
  });
  let { longestBody, observedFrames } = defaultSettings;
  const heed = (stored: unknown): void => {
    ({ longestBody, observedFrames } = readSettings(stored));
  };
  extension.storage?.local.get(settingsKey, (items) => heed(items?.[settingsKey]));
  extension.storage?.onChanged.addListener(({ [settingsKey]: changed }, name) => {
    if (name === 'local' && changed !== undefined) heed(changed.newValue);
  });
  const wire = followWire(
    extension.runtime,
    tabId,
    ({ records, dropped, state }) => {
      recorder.state = state;
      // Nothing of a private window is kept, nor of one of which it is not known.
      if (state.privateWindow !== null) keeper?.permit(!state.privateWindow);
      for (const { entry } of records) own.wire(entry);
      void resumed.then(() => {
        session.wire(records);
        recorder.dropped = dropped + (keeper?.dropped ?? 0);
      });
    },
    () => recorder.lose(),
  );
  const own = watchHere(
    extension,
    tabId,
    (records) => void resumed.then(() => session.wire(records)),
    () => wire.listens(),
  );
  const takeEntry = (entry: Json): void => {
    own.network(entry);
    void resumed.then(() => session.network(entry));
  };
  watchNetwork(devtools.network, (entry) => takeEntry(asObject(entry)), {
    longestBody: () => longestBody,
    arrived: () => own.finished(),
  });
  recorder.onClear = () => {
    session.clear();
    wire.forget();
  };
  const read = reportReader((reports) => recorder.observe(reports));
  watchObserver(extension.runtime, tabId, (origin) => observedFrames.includes(origin), read);
  new BroadcastChannel(observerChannelName(tabId)).onmessage = ({ data }) => {
    const observed = readObserved(data);
    if (observed !== null) read(observed);
  };
}
