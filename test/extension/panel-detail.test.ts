import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  objections,
  openSample,
  type PanelPage,
  press,
  sizes,
  startPanelPage,
  type Theme,
  textOf,
} from './panel-page.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await startPanelPage();
}, 120_000);
afterAll(() => panel?.close());

/** Opens the menu with these words on its button and chooses an item by its words. */
async function choose(page: Page, button: string, item: string): Promise<void> {
  await page.locator(`.body .menu-button ::-p-text(${button})`).click();
  await page.locator(`[role=menuitem]::-p-text(${item})`).click();
}

const suppressGravest = async (page: Page): Promise<void> => {
  await openSample(page);
  await choose(page, 'Suppress', 'Everywhere');
  await page.waitForSelector('.just-suppressed');
};

const states: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'menu of a finding': async (page) => {
    await openSample(page);
    await page.locator('.body .menu-button ::-p-text(Copy)').click();
    await page.waitForSelector('[role=menuitem]');
  },
  'just suppressed': suppressGravest,
  'list of the suppressed': async (page) => {
    await suppressGravest(page);
    await page.locator('.section ::-p-text(Suppressed)').click();
    await page.waitForSelector('.suppressed-list:not([hidden])');
  },
  'settings with a suppression': async (page) => {
    await suppressGravest(page);
    await press(page, ',');
    await page.waitForSelector('dialog[open] .suppressions li');
  },
  'open outcome': async (page) => {
    await openSample(page);
    await page.click('[data-kind=open] .outcome-head');
    await page.waitForSelector('.would-decide');
  },
};

describe.each(['light', 'dark'] as const)('axe-core finds nothing, %s,', (theme: Theme) => {
  describe.each(Object.keys(sizes) as (keyof typeof sizes)[])('docked at the %s,', (docking) => {
    test.each(Object.entries(states))('%s', async (_name, prepare) => {
      const page = await panel.open(theme, docking);
      await prepare(page);
      expect(await objections(page)).toEqual([]);
      await page.close();
    });
  });
});

describe('a finding', () => {
  test('is suppressed, counted, taken back at once, and later in the settings', async () => {
    const page = await panel.open();
    await openSample(page);
    const rule = await page.$eval('.outcome.open', (item) => item.getAttribute('data-rule'));
    const shown = (): Promise<number> => page.$$eval(`[data-rule="${rule}"]`, (items) => items.length);
    expect(await shown()).toBeGreaterThan(0);
    await choose(page, 'Suppress', 'Everywhere');
    await page.waitForSelector('.just-suppressed');
    expect(await shown()).toBe(0);
    expect(await textOf(page, '.statusbar')).toMatch(/\d suppressed/);
    expect(await page.$eval(':focus', (button) => button.textContent)).toBe('Undo');
    await press(page, 'Enter');
    await page.waitForSelector(`[data-rule="${rule}"]`);
    expect(await textOf(page, '.statusbar')).not.toContain('suppressed');

    await choose(page, 'Suppress', 'At http');
    await page.waitForSelector('.just-suppressed');
    await page.reload();
    await openSample(page);
    expect(await shown()).toBe(0);
    await press(page, ',');
    await page.locator('.suppressions button').click();
    await press(page, 'Escape');
    await page.waitForSelector(`[data-rule="${rule}"]`);
    await page.close();
  });

  test('that is open names what it waits for and the switch', async () => {
    const page = await panel.open();
    await openSample(page);
    await page.click('[data-kind=open] .outcome-head');
    expect(await textOf(page, '.would-decide')).toMatch(/Would be decided by: .+Why it cannot be told/);
    await page.close();
  });

  test('is copied as an issue, without leaving its place', async () => {
    const page = await panel.open();
    await openSample(page);
    await page.evaluate(() => {
      const kept: string[] = [];
      Object.assign(window, { kept });
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: async (text: string) => void kept.push(text) },
      });
    });
    await choose(page, 'Copy', 'As an issue for the client');
    await page.waitForFunction(() => (window as unknown as { kept: string[] }).kept.length === 1);
    const text = await page.evaluate(() => (window as unknown as { kept: string[] }).kept[0]);
    expect(text).toMatch(/^## .+\n\nSeen in the HTTP traffic/);
    expect(await page.$eval(':focus', (button) => button.className)).toBe('menu-button');
    await page.close();
  });
});
