import { rm } from 'node:fs/promises';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importText, type PanelPage, press, startPanelPage, textOf } from './panel-page.ts';
import { downloaded, downloadFolder } from './panel-round.ts';
import { choose } from './states/session.ts';
import { recording } from './states/traffic.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await startPanelPage();
}, 240_000);
afterAll(() => panel?.close());

const rule = 'sep-2350-scope-union-on-reauth';

async function openFile(page: Page, name: string): Promise<void> {
  await importText(page, `${name}.har`, recording(name));
  await page.waitForFunction((wanted) => document.querySelector('.statusbar')?.textContent?.includes(wanted), {}, name);
}

/** Suppresses the rule everywhere, where one of its findings is shown. */
async function suppressRule(page: Page): Promise<number> {
  await page.waitForSelector(`.outcome.open[data-rule="${rule}"]`);
  const findings = await page.$$eval(`[data-rule="${rule}"][data-kind=fail]`, (items) => items.length);
  await choose(page, 'Suppress', 'Everywhere');
  await page.waitForSelector('.just-suppressed');
  return findings;
}

/** A sheet that closes takes no key until it has left the page. */
const gone = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => document.querySelector('dialog') === null, { timeout: 60_000 });

const fixedIn = (page: Page): Promise<{ readonly count: number; readonly text: string }> =>
  page.$eval('[data-difference=fixed]', (part) => ({
    count: Number((part as HTMLElement).dataset.count),
    text: part.textContent ?? '',
  }));

test('sessions are compared without what was suppressed', { timeout: 240_000 }, async () => {
  const page = await panel.open();
  await openFile(page, 'v2-stepup');
  await openFile(page, 'v1-stepup');
  const compare = async (): Promise<{ readonly count: number; readonly text: string }> => {
    await press(page, 's');
    await page.waitForSelector('.comparison');
    // From the faulty session to the sound one.
    const [before, after] = await page.$$('.comparison select');
    await before?.select('1');
    await after?.select('0');
    await page.waitForSelector('[data-difference=fixed]');
    const found = await fixedIn(page);
    await press(page, 'Escape');
    await gone(page);
    return found;
  };
  const before = await compare();
  expect(before.text).toContain('Scopes replaced');
  const findings = await suppressRule(page);
  expect(findings).toBeGreaterThan(1);
  const after = await compare();
  expect(after.text).not.toContain('Scopes replaced');
  expect(after.count).toBe(before.count - findings);
  await page.close();
});

test('every export leaves out what was suppressed, and its preview says how much', { timeout: 240_000 }, async () => {
  const page = await panel.open();
  const folder = await downloadFolder();
  try {
    const cdp = await page.createCDPSession();
    await cdp.send('Page.setDownloadBehavior', { behavior: 'allow', downloadPath: folder.path });
    await openFile(page, 'v1-stepup');
    const save = async (format: string, ending: string): Promise<string> => {
      await press(page, 'x');
      await page.waitForSelector('.preview[aria-busy=false]');
      await page.click(`input[name=format][value=${format}]`);
      await page.click('.sheet-actions .primary');
      await gone(page);
      const { path, text } = await downloaded(folder.path, ending);
      await rm(path);
      return text;
    };
    expect(await save('har', '.annotated.har')).toContain(rule);
    const findings = await suppressRule(page);
    await press(page, 'x');
    await page.waitForSelector('.preview[aria-busy=false]');
    expect(await textOf(page, '.preview .left-out')).toContain(`${findings} findings that you suppressed`);
    await press(page, 'Escape');
    await gone(page);
    for (const [format, ending] of [
      ['har', '.annotated.har'],
      ['json', '.result.json'],
      ['html', '.report.html'],
      ['md', '.report.md'],
      ['sarif', '.sarif'],
    ] as const) {
      const text = await save(format, ending);
      expect(text.length).toBeGreaterThan(1_000);
      expect(text.includes(rule), format).toBe(false);
    }
  } finally {
    await folder.remove();
    await page.close();
  }
});
