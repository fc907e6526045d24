import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FirefoxPanel } from '../../extension/firefox-panel.ts';
import { grantedBuild, grantedIdInFirefox, idInFirefox } from '../../extension/granted.ts';
import { Firefox } from '../../extension/marionette.ts';
import { findFirefox } from '../../lab/firefox.ts';
import type { Desk, RecordedEntry } from './desk.ts';

/** Folder of the built Firefox extension. */
export const firefoxFolder = fileURLToPath(new URL('../../../dist/firefox', import.meta.url));

/** What is missing for a test in a real Firefox, in words; empty when nothing is. */
export const firefoxMissing =
  findFirefox() === null ? 'no Firefox' : existsSync(firefoxFolder) ? '' : 'needs dist/firefox';

const ids = [idInFirefox, grantedIdInFirefox] as const;

/** Ends an event page as the browser does when it is idle, open toolbox or not: never while a listener is at work. */
const killEventPage = `
  const { extension } = WebExtensionPolicy.getByID(${JSON.stringify(grantedIdInFirefox)});
  if (extension.backgroundState !== 'running' || extension.backgroundContext?.pendingRunListenerPromisesCount) return false;
  await extension.terminateBackground({ ignoreDevToolsAttached: true });
  return extension.backgroundState !== 'running';`;

/** Firefox with its toolbox closed, both extensions loaded. */
export async function startFirefox(): Promise<Desk> {
  const granted = await grantedBuild(firefoxFolder);
  const firefox = await Firefox.start(findFirefox() ?? '');
  for (const path of [firefoxFolder, granted]) await firefox.send('Addon:Install', { path, temporary: true });
  const browser = await firefox.pages();
  let panels: readonly FirefoxPanel[] = [];
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  return {
    name: 'Firefox',
    browser,
    page,
    async openDevtools() {
      panels = [await FirefoxPanel.open(firefox, ids[0]), await FirefoxPanel.open(firefox, ids[1])];
    },
    async closeDevtools() {
      panels = [];
      await FirefoxPanel.close(firefox);
    },
    async panel(tier) {
      const panel = panels[tier];
      if (panel === undefined) throw new Error('The toolbox is closed');
      return {
        outcomes: () => panel.settledOutcomes(),
        entries: async () => (await panel.recorded()).entries as RecordedEntry[],
        reports: async () => (await panel.recorded()).reports,
        read: (expression) => panel.read(expression),
      };
    },
    async observe(origin) {
      const settings = JSON.stringify({ settings: { observedSites: [origin] } });
      await panels[1]?.read(
        `(content.wrappedJSObject.browser.storage.local.set(Cu.cloneInto(${settings}, content)), 1)`,
      );
    },
    killBackground: async () => (await firefox.inBrowser(killEventPage)) === true,
    async reloadExtension() {
      const manager = `ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs').AddonManager`;
      await firefox.inBrowser(`await (await ${manager}.getAddonByID(${JSON.stringify(ids[1])})).reload();`);
      panels = [];
      await FirefoxPanel.close(firefox);
    },
    async close() {
      await firefox.close();
      await rm(granted, { recursive: true, force: true });
    },
  };
}
