import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Analysis } from '../../src/report/analysis.ts';
import { analyze } from '../../src/report/analyze.ts';
import { annotatedHar, redactedHar } from '../../src/report/har.ts';
import { launchBrowser } from '../lab/browser.ts';
import { openPanel } from '../lab/panel.ts';
import { extensionFolder, missingFor } from './needs.ts';

const missing = missingFor({ extension: true });
const recordings = new URL('../recordings/', import.meta.url);
const names = readdirSync(recordings).filter((name) => name.endsWith('.har'));

interface Imported {
  /** Addresses in the Network panel, in its order. */
  readonly urls: readonly string[];
  readonly statuses: readonly number[];
}

/** Loads a HAR into the Network panel of real DevTools, as "Import HAR file" does, and reads what the panel then lists. */
async function imported(devtools: Page, text: string): Promise<Imported> {
  const found = await devtools.evaluate(`(async (text) => {
    const { NetworkPanel } = await import('./panels/network/network.js');
    const { NetworkLog } = await import('./models/logs/logs.js');
    const log = NetworkLog.NetworkLog.instance();
    log.reset(false);
    const errors = [];
    const { error } = console;
    console.error = (...words) => errors.push(words.join(' '));
    await NetworkPanel.NetworkPanel.instance().networkLogView.onLoadFromFile(new File([text], 'session.har'));
    console.error = error;
    const requests = log.requests();
    return {
      urls: requests.map((request) => request.url()),
      statuses: requests.map((request) => request.statusCode),
      errors,
    };
  })(${JSON.stringify(text)})`);
  expect(found).toMatchObject({ errors: [] });
  return found as Imported;
}

function recording(name: string): Analysis {
  const analysis = analyze(JSON.parse(readFileSync(new URL(name, recordings), 'utf8')), { name });
  return {
    ...analysis,
    notes: { name: 'Noted', notes: [{ entry: 3, text: 'Here it <b>forgets</b> the scope', pinned: true }] },
  };
}

describe.skipIf(missing)(`Chrome's Network panel${missing && ` (${missing})`}`, () => {
  let browser: Browser;
  let devtools: Page;
  beforeAll(async () => {
    browser = await launchBrowser({ headless: true, extension: extensionFolder });
    ({ devtools } = await openPanel(browser));
    await devtools.evaluate(`(async () => {
      const { ViewManager } = await import('./ui/legacy/legacy.js');
      await ViewManager.ViewManager.instance().showView('network');
    })()`);
  }, 120_000);
  afterAll(() => browser?.close());

  it.each(names)('imports the annotated HAR of %s, every entry', async (name) => {
    const analysis = recording(name);
    for (const text of [annotatedHar(analysis), redactedHar(analysis)]) {
      const { entries } = JSON.parse(text).log;
      const { urls, statuses } = await imported(devtools, text);
      expect(urls).toEqual(entries.map(({ request }: { request: { url: string } }) => request.url));
      expect(statuses).toEqual(entries.map(({ response }: { response: { status: number } }) => response.status));
    }
  });

  it('imports what a careless recorder wrote, mended', async () => {
    const entries = [
      {},
      null,
      7,
      { startedDateTime: 'yesterday', time: 'long', request: { url: 'https://x.example/a' } },
      { request: { url: 5, method: null, headers: [7, { name: 'a' }], postData: 'text' }, timings: { wait: 'x' } },
      { request: { url: 'https://x.example/b' }, response: { status: '200', content: { size: 'big', text: 7 } } },
      { request: { url: 'not an address' }, response: { headers: 'none', cookies: [null] }, pageref: {} },
      { request: { url: 'https://x.example/c' }, _webSocketMessages: 'none', _initiator: 7, _error: {}, cache: 4 },
    ];
    const analysis = analyze({ log: { pages: [7, { id: 1 }], browser: 3, comment: {}, entries } }, { name: 'bare' });
    for (const text of [annotatedHar(analysis), redactedHar(analysis)]) {
      const { urls } = await imported(devtools, text);
      expect(urls).toHaveLength(entries.length);
      for (const one of ['a', 'b', 'c']) expect(urls).toContain(`https://x.example/${one}`);
    }
  });

  it('takes nothing from a file that is none', async () => {
    const { urls } = await imported(devtools, '{"log":{"entries":[{"startedDateTime":"yesterday"}]}}');
    expect(urls).toEqual([]);
  });
});
