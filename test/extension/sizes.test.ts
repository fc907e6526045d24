import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importText, openSample, type PanelPage, press, record, startPanelPage } from './panel-page.ts';
import { entriesOf, recording } from './states/traffic.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await startPanelPage();
}, 240_000);
afterAll(() => panel?.close());

/** From the smallest dock to a large screen, with both sides of each width at which the layout changes. */
const widths = [480, 520, 521, 550, 620, 621, 760, 761, 1000, 1400, 1920, 2560];
const heights = [320, 350, 480, 800, 1440];

interface Overflow {
  /** Elements that reach beyond the page, or panes that scroll sideways though nothing in them is a table or code. */
  readonly wide: readonly string[];
  readonly outside: readonly string[];
  /** Of the parts that must always have room: how high each is. */
  readonly heights: Readonly<Record<string, number>>;
}

/** What does not fit into the page at its present size. */
const overflow = (page: Page): Promise<Overflow> =>
  page.evaluate(() => {
    const wide: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) wide.push('the page');
    for (const pane of document.querySelectorAll('.content, .panes, .flow, .detail, .body, .strip, .toolbar, .sheet')) {
      if (pane.scrollWidth > pane.clientWidth + 1) wide.push(pane.className);
    }
    const outside: string[] = [];
    for (const control of document.querySelectorAll(
      '.toolbar :is(button, select, input):not([hidden]), .tabs button',
    )) {
      const { left, right, top, bottom, width } = control.getBoundingClientRect();
      // One that is not drawn stands in the menu for narrow toolbars, which a test of its own opens.
      if (width === 0) continue;
      if (left < 0 || right > innerWidth || top < 0 || bottom > innerHeight)
        outside.push(control.outerHTML.slice(0, 80));
    }
    const high: Record<string, number> = {};
    for (const part of ['flow', 'detail', 'toolbar'])
      high[part] = document.querySelector(`.${part}`)?.getBoundingClientRect().height ?? 0;
    return { wide, outside, heights: high };
  });

const states: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  finding: async () => {},
  exchange: (page) => press(page, 'j', 'j', '2'),
  token: (page) => press(page, '3'),
  scopes: (page) => press(page, '4'),
  notes: (page) => press(page, 'j', 'm', '6'),
  export: (page) => press(page, 'x'),
  sessions: (page) => press(page, 's'),
  keys: (page) => press(page, '?'),
};

/** Every size at which something does not fit. */
async function misfits(page: Page): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const width of widths) {
    for (const height of heights) {
      await page.setViewport({ width, height });
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      const { wide, outside, heights: high } = await overflow(page);
      const flat = Object.entries(high).filter(([, one]) => one < 24);
      if (wide.length + outside.length + flat.length > 0) found.push({ width, height, wide, outside, flat });
    }
  }
  return found;
}

describe('fits from 480 × 320 to 2560 × 1440:', () => {
  test.each(Object.entries(states))('%s', async (_name, prepare) => {
    const page = await panel.open();
    await openSample(page);
    await prepare(page);
    expect(await misfits(page)).toEqual([]);
    await page.close();
  });

  test('live traffic beside a recording of a long name', async () => {
    const page = await panel.openLive();
    await record(page, entriesOf('v1-stepup'));
    await page.waitForSelector('[data-entry]');
    await importText(page, `${'long-name-'.repeat(12)}.har`, recording('v2-stepup'));
    await page.waitForSelector('.toolbar select');
    expect(await misfits(page)).toEqual([]);
    await page.close();
  });
});

test.each([480, 700])('at %d pixels, what the toolbar has no room for stands in its menu', async (width) => {
  const page = await panel.open();
  await page.setViewport({ width, height: 400 });
  await openSample(page);
  const rows = (): Promise<number> => page.$$eval('[data-entry].outside', (found) => found.length);
  expect(await rows()).toBe(0);
  await page.click('.toolbar .menu-button');
  await page.locator('[role=menuitem]::-p-text(neither)').click();
  await page.waitForFunction(() => document.querySelectorAll('[data-entry].outside').length > 0);
  await page.click('.toolbar .menu-button');
  await page.locator('[role=menuitem]::-p-text(Sessions)').click();
  await page.waitForSelector('dialog[open] .session-list');
  await page.close();
});
