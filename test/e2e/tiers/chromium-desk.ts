import { rm } from 'node:fs/promises';
import type { Frame, Page } from 'puppeteer-core';
import { grantedBuild } from '../../extension/granted.ts';
import { launchBrowser } from '../../lab/browser.ts';
import { recordedSession, settledOutcomes, showPanel } from '../../lab/panel.ts';
import { extensionFolder } from '../needs.ts';
import type { Desk, RecordedEntry, Tier, TierPanel } from './desk.ts';

/** Chromium with DevTools closed, both extensions loaded. */
export async function startChromium(): Promise<Desk> {
  const granted = await grantedBuild(extensionFolder);
  const browser = await launchBrowser({ headless: true, extension: [], openDevtools: false });
  const ids = [await browser.installExtension(extensionFolder), await browser.installExtension(granted)] as const;
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  let devtools: Page | null = null;
  const kill = async (): Promise<boolean> => {
    const target = browser.targets().find((one) => one.type() === 'service_worker' && one.url().includes(ids[1]));
    const worker = await target?.worker().catch(() => null);
    if (!worker) return false;
    return worker.close().then(
      () => true,
      () => false,
    );
  };
  return {
    name: 'Chromium',
    browser,
    page,
    async openDevtools() {
      devtools = await page.openDevTools();
    },
    async closeDevtools() {
      await devtools?.close();
      devtools = null;
    },
    async panel(tier: Tier) {
      if (devtools === null) throw new Error('DevTools is closed');
      return panelOf(await showPanel(devtools, ids[tier]));
    },
    async observe(origin) {
      if (devtools === null) throw new Error('DevTools is closed');
      const settings = JSON.stringify({ settings: { observedSites: [origin] } });
      await (await showPanel(devtools, ids[1])).evaluate(`chrome.storage.local.set(${settings})`);
    },
    killBackground: kill,
    async reloadExtension() {
      const closed = new Promise((done) => devtools?.once('close', done));
      await browser.installExtension(granted);
      // Chromium closes DevTools in which an extension has a page that it takes away.
      await closed;
      devtools = null;
    },
    async close() {
      await browser.close();
      await rm(granted, { recursive: true, force: true });
    },
  };
}

function panelOf(frame: Frame): TierPanel {
  return {
    outcomes: () => settledOutcomes(frame),
    entries: async () => (await recordedSession(frame)).entries as RecordedEntry[],
    reports: async () => (await recordedSession(frame)).reports,
    read: async <T>(expression: string) => (await frame.evaluate(expression)) as T,
  };
}
