import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allSites, unknownState, type WatchState } from '../../src/extension/watch-state.ts';
import { type PanelPage, press, record, startPanelPage } from './panel-page.ts';
import { entriesOf } from './states/traffic.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await startPanelPage();
}, 120_000);
afterAll(() => panel?.close());

/** A step-up in a popup, as tier 0 sees it: without the popup's pages. */
const withoutPopup = entriesOf('v1-expiry-popup').filter(
  (entry) =>
    !/\/(auth|interaction|callback)/.test(new URL((entry as { request: { url: string } }).request.url).pathname),
);

async function withState(page: Page, state: Partial<WatchState>): Promise<void> {
  await page.evaluate(
    (whole) => {
      window.live.recorder.state = whole;
    },
    { ...unknownState, ...state },
  );
}

async function spots(page: Page): Promise<Record<string, string>> {
  await press(page, 'b');
  await page.waitForSelector('.blind-spots li');
  const lines = await page.$$eval('.blind-spots li', (items) =>
    items.map((item) => [item.dataset.blindSpot, item.querySelector('.mends > button')?.textContent ?? '']),
  );
  await press(page, 'Escape');
  await page.waitForSelector('dialog[open]', { hidden: true });
  return Object.fromEntries(lines);
}

test('what is not watched has a switch; once it is watched the line is gone', async () => {
  const page = await panel.openLive();
  await record(page, withoutPopup);
  await page.waitForSelector('[data-entry]');
  expect(await spots(page)).toMatchObject({
    'popup-not-watched': 'Watch popups and workers',
    'shared-worker': 'Watch popups and workers',
  });
  await press(page, 'b');
  await page.locator('[data-blind-spot=shared-worker] .mends > button').click();
  const [asked] = await page.evaluate(() => window.live.asked);
  // Hosts of the session, whatever their ports: its page, its MCP server and its authorization server.
  expect(asked?.watch).toEqual(['http://127.0.0.1/*']);
  expect(asked?.look.length).toBeGreaterThan(0);
  await withState(page, { watched: allSites });
  const watched = await spots(page);
  expect(watched).not.toHaveProperty('shared-worker');
  // The popup was missed all the same: nothing brings it back.
  expect(watched['popup-not-watched']).toBe('Reload the page');
  await page.close();
});

test("watching some sites is enough only while they are all of the session's", async () => {
  const page = await panel.openLive();
  await record(page, withoutPopup);
  await page.waitForSelector('[data-entry]');
  await withState(page, { watched: ['http://elsewhere.example/*'] });
  expect(await spots(page)).toHaveProperty('shared-worker');
  await withState(page, { watched: ['http://127.0.0.1/*'] });
  expect(await spots(page)).not.toHaveProperty('shared-worker');
  await page.close();
});

test('a private window, a lacking interface and dropped exchanges are lines too', async () => {
  const page = await panel.openLive();
  await record(page, withoutPopup);
  await page.waitForSelector('[data-entry]');
  await withState(page, { watched: allSites, privateWindow: true, offered: false });
  await page.evaluate(() => {
    window.live.recorder.dropped = 3;
  });
  const lines = Object.keys(await spots(page));
  expect(lines).toEqual(expect.arrayContaining(['private-window', 'not-offered', 'dropped']));
  await page.close();
});
