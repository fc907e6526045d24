import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PanelPage, press, record, startPanelPage, textOf } from './panel-page.ts';
import { entriesOf } from './states/traffic.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await startPanelPage();
}, 240_000);
afterAll(() => panel?.close());

test('clearing live traffic is taken back with what was pinned and written; the recording goes on beside it', async () => {
  const page = await panel.openLive();
  await record(page, entriesOf('v1-stepup'));
  await page.waitForSelector('[data-entry]');
  await press(page, 'j', 'j', 'm', 'e');
  await page.waitForSelector('#note:focus');
  await page.keyboard.type('lost here');
  await press(page, 'Escape', 'c');
  await page.waitForSelector('.empty');
  await press(page, 'u');
  await page.waitForSelector('.noted.pinned');
  expect(await textOf(page, '.statusbar')).toContain('before clearing');
  await press(page, '6');
  expect(await page.$eval('.notes textarea', (area) => (area as HTMLTextAreaElement).value)).toBe('lost here');
  // What comes now is another recording, without those notes.
  await record(page, entriesOf('v2-stepup'));
  await press(page, '[');
  await page.waitForFunction(() => document.querySelector('.statusbar')?.textContent?.includes('recording since'));
  await page.waitForSelector('[data-entry]');
  expect(await page.$('.noted')).toBeNull();
  await page.close();
});
