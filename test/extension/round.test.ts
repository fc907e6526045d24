import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importText, type PanelPage, startPanelPage } from './panel-page.ts';
import { downloadFolder, findNoteAndExport, importAgain, noteText, type Round } from './panel-round.ts';

const recording = new URL('../recordings/v1-stepup.har', import.meta.url);

let panel: PanelPage;
beforeAll(async () => {
  panel = await startPanelPage();
}, 240_000);
afterAll(() => panel?.close());

test('the whole round by keyboard: finding, evidence, note, export, close, import', { timeout: 240_000 }, async () => {
  const page = await panel.open();
  const folder = await downloadFolder();
  try {
    const cdp = await page.createCDPSession();
    await cdp.send('Page.setDownloadBehavior', { behavior: 'allow', downloadPath: folder.path });
    await importText(page, 'session.har', readFileSync(recording, 'utf8'));
    await page.waitForSelector('[data-rule]');
    const round: Round = {
      panel: page,
      press: async (...keys) => {
        for (const key of keys) await page.keyboard.press(key as 'j');
      },
      type: (text) => page.keyboard.type(text),
      choose: async (key, path) => {
        const chosen = page.waitForFileChooser();
        // A key may overtake the order to hand dialogs over, which the page's process follows too.
        await page.evaluate('0');
        await page.keyboard.press(key as 'o');
        await (await chosen).accept([path]);
      },
      downloads: folder.path,
    };
    const saved = await findNoteAndExport(round);
    const { log } = JSON.parse(saved.text);
    expect(log._mcpAuth.notes).toEqual([{ entry: saved.entry, text: noteText, pinned: true }]);
    expect(log._mcpAuth.view).toEqual({ search: 'has:pin' });
    expect(log.entries[saved.entry].comment).toContain(noteText);
    expect(log._mcpAuth.source.redacted).toBe(true);
    await round.press('c');
    await page.waitForSelector('.empty');
    await importAgain(round, saved.path, saved.entry);
    expect(
      await page.$eval(`.notes [data-note="${saved.entry}"] textarea`, (area) => (area as HTMLTextAreaElement).value),
    ).toBe(noteText);
    expect(await page.$eval('#filter', (input) => (input as HTMLInputElement).value)).toBe('has:pin');
  } finally {
    await folder.remove();
    await page.close();
  }
});

test('two recordings are compared: what is fixed, new, unchanged', { timeout: 240_000 }, async () => {
  const page = await panel.open();
  for (const name of ['v1-stepup', 'v2-stepup']) {
    await importText(page, `${name}.har`, readFileSync(new URL(`../recordings/${name}.har`, import.meta.url), 'utf8'));
    await page.waitForFunction(
      (wanted) => document.querySelector('.statusbar')?.textContent?.includes(wanted),
      {},
      name,
    );
  }
  await page.keyboard.press('s');
  await page.waitForSelector('[data-difference=fixed]');
  const counts = await page.$$eval('[data-difference]', (parts) =>
    parts.map((part) => [(part as HTMLElement).dataset.difference, Number((part as HTMLElement).dataset.count)]),
  );
  expect(Object.fromEntries(counts).fixed).toBeGreaterThan(0);
  expect(await page.$eval('[data-difference=fixed]', (part) => part.textContent)).toContain('passes now');
  await page.close();
});

test('secrets are counted before anything is written; an unredacted file wants a word', {
  timeout: 240_000,
}, async () => {
  const page = await panel.open();
  await importText(page, 'session.har', readFileSync(recording, 'utf8'));
  await page.waitForSelector('[data-entry]');
  await page.keyboard.press('x');
  await page.waitForSelector('[data-kind-of-secret=at]');
  const tokens = Number(await page.$eval('[data-kind-of-secret=at]', (row) => (row as HTMLElement).dataset.count));
  expect(tokens).toBeGreaterThan(0);
  await page.click('input[value=none]');
  expect(await page.$eval('.sheet-actions .primary', (button) => (button as HTMLButtonElement).disabled)).toBe(true);
  await page.click('.sheet-actions .warning input');
  expect(await page.$eval('.sheet-actions .primary', (button) => (button as HTMLButtonElement).disabled)).toBe(false);
  await page.close();
});
