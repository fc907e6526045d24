import browser, { type Runtime } from 'webextension-polyfill';
import { askFragment, readAskMessage } from '../asking.ts';
import { observerChannelName } from '../channel.ts';
import { type Observed, relayObserver } from '../devtools/observed.ts';
import { hostPattern } from '../host-pattern.ts';
import { readSettings, settingsKey } from '../settings.ts';
import type { RuntimeApi } from '../web-extension.ts';
import { observeSites } from './observed-sites.ts';
import { watch } from './watch.ts';

// Listeners must stand before the first turn of the loop ends, or the browser wakes nobody.
watch(browser);

const panelUrl = browser.runtime.getURL('src/extension/panel/panel.html');

// The toolbar button opens the inspector in a tab, for recorded sessions.
browser.action.onClicked.addListener(() => {
  void browser.tabs.create({ url: panelUrl });
});

// So does the panel where DevTools may not ask for permissions.
browser.runtime.onMessage.addListener((message: unknown, { id, url }: Runtime.MessageSender) => {
  const asked = readAskMessage(message);
  if (asked !== null && id === browser.runtime.id && url?.startsWith(panelUrl) === true)
    void browser.tabs.create({ url: panelUrl + askFragment(asked) });
  // Nobody is answered.
  return undefined;
});

// Firefox's patterns know no port; the bridge keeps silent on the host's other ports.
const firefox = browser.runtime.getURL('').startsWith('moz-extension:');
/** Origins whose frames are heard. */
let framed: readonly string[] = [];
// Its DevTools pages do not hear content scripts; every page of the extension hears this channel.
if (firefox) {
  const pass = (tabId: number, observed: Observed): void => {
    const channel = new BroadcastChannel(observerChannelName(tabId));
    channel.postMessage(observed);
    channel.close();
  };
  relayObserver(browser.runtime as RuntimeApi, (origin) => framed.includes(origin), pass);
}
const originPattern = (origin: string): string => `${origin}/*`;

// The observer runs where the settings say, as far as the user still permits it.
async function observe(): Promise<void> {
  const { [settingsKey]: stored } = await browser.storage.local.get(settingsKey);
  // Absent until its permission is granted.
  if (browser.scripting === undefined) return;
  const { observedSites: origins, observedFrames } = readSettings(stored);
  framed = observedFrames;
  await observeSites(browser.scripting, { origins, framed }, firefox ? hostPattern : originPattern);
}
browser.storage.onChanged.addListener((changes, area) => {
  if (area === 'local' && settingsKey in changes) void observe();
});
void observe();
browser.permissions.onAdded.addListener(() => void observe());
browser.runtime.onInstalled.addListener(() => void observe());
browser.runtime.onStartup.addListener(() => void observe());
