import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FirefoxPanel } from '../extension/firefox-panel.ts';
import { grantedBuild } from '../extension/granted.ts';
import { Firefox } from '../extension/marionette.ts';
import { launchBrowser } from '../lab/browser.ts';
import { findFirefox } from '../lab/firefox.ts';
import { openPanel } from '../lab/panel.ts';
import { extensionFolder, missingFor } from './needs.ts';
import { firefoxFolder, firefoxMissing } from './tiers/firefox-desk.ts';

/** An MCP server that hides its challenge from other origins, and a page that calls it. */
let server: Server;
let site: Server;
let origin = '';
/** In the page: its call. */
let again = '';

const listening = async (one: Server): Promise<string> => {
  await new Promise<void>((ready) => one.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
    if (request.method === 'OPTIONS') response.writeHead(204, cors).end();
    else response.writeHead(401, { ...cors, 'www-authenticate': 'Bearer error="invalid_token"' }).end();
  });
  const url = await listening(server);
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x' } };
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2025-11-25',
  };
  const init = JSON.stringify({ method: 'POST', body: JSON.stringify(call), headers });
  again = `fetch('${url}/mcp', ${init}).then(() => 1)`;
  const page = `<script>setTimeout(() => ${again}, 500)</script>`;
  site = createServer((request, response) => {
    const text = request.url === '/embeds' ? `<iframe src="${origin}"></iframe>` : page;
    response.writeHead(200, { 'content-type': 'text/html' }).end(text);
  });
  origin = await listening(site);
});
afterAll(() => {
  for (const one of [server, site]) {
    one?.closeAllConnections();
    one?.close();
  }
});

const observe = (...observedFrames: string[]): object => ({ settings: { observedSites: [origin], observedFrames } });
/** Opens the last refusal's exchange and gives what is told of the script's view: '' where nothing was observed. */
const shown = `([...document.querySelectorAll('[data-entry][data-status="401"]')].at(-1)?.click(),
  document.querySelector('#tab-exchange')?.click(), document.querySelector('.script-view')?.textContent ?? '')`;
const refusals = `document.querySelectorAll('[data-entry][data-status="401"]').length`;
const proven = 'It could not read WWW-Authenticate';

/** A browser with the panel open in its DevTools. */
interface Looking {
  readonly page: Pick<Page, 'goto' | 'evaluate'> | undefined;
  /** What an expression gives in the panel. */
  read(expression: string): Promise<unknown>;
  /** Stores settings, and waits until they are heeded. */
  store(items: object): Promise<void>;
  close(): Promise<void>;
}

const heeded = () => new Promise((later) => setTimeout(later, 2_000));

async function lookInChromium(): Promise<Looking> {
  const folder = await grantedBuild(extensionFolder);
  const browser = await launchBrowser({ headless: true, extension: folder });
  const { panel } = await openPanel(browser);
  const [page] = await browser.pages();
  return {
    page,
    read: (expression) => panel.evaluate(expression),
    async store(items) {
      await panel.evaluate(`chrome.storage.local.set(${JSON.stringify(items)})`);
      await heeded();
    },
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function lookInFirefox(): Promise<Looking> {
  const folder = await grantedBuild(firefoxFolder);
  const firefox = await Firefox.start(findFirefox() ?? '');
  await firefox.send('Addon:Install', { path: folder, temporary: true });
  const browser = await firefox.pages();
  const panel = await FirefoxPanel.open(firefox);
  const [page] = await browser.pages();
  return {
    page,
    read: (expression) => panel.read(expression),
    async store(items) {
      const stored = `Cu.cloneInto(${JSON.stringify(items)}, content)`;
      await panel.read(`(content.wrappedJSObject.browser.storage.local.set(${stored}), true)`);
      await heeded();
    },
    async close() {
      await firefox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe.each([
  ['Chromium', missingFor({ extension: true }), lookInChromium],
  ['Firefox', firefoxMissing, lookInFirefox],
] as const)('in %s', (_, missing, look) => {
  /** A test with the panel open in a browser of its own. */
  const lookedAt = (name: string, deed: (looking: Looking) => Promise<void>): void =>
    test.skipIf(missing)(
      `${name}${missing && ` (${missing})`}`,
      async () => {
        const looking = await look();
        try {
          await deed(looking);
        } finally {
          await looking.close();
        }
      },
      120_000,
    );

  lookedAt('a challenge that CORS hides is proven unreadable', async (looking) => {
    await looking.store(observe());
    await looking.page?.goto(origin);
    await expect.poll(() => looking.read(shown), { timeout: 30_000 }).toContain(proven);
  });

  lookedAt('a site that is given up is looked at no more, in the page that is open too', async (looking) => {
    await looking.store(observe());
    await looking.page?.goto(origin);
    await expect.poll(() => looking.read(shown), { timeout: 30_000 }).toContain(proven);
    await looking.store({ settings: { observedSites: [] } });
    await looking.page?.evaluate(again);
    await expect.poll(() => looking.read(refusals), { timeout: 30_000 }).toBe(2);
    await heeded();
    await expect.poll(() => looking.read(shown)).toBe('');
  });

  lookedAt('a page that comes back from the back/forward cache is seen on, and looked closer at', async (looking) => {
    const inPage = async (text: string) => looking.page?.evaluate(text);
    /** Of a page that is just shown: what is asked of the one before it may never be answered. */
    const kept = (): Promise<unknown> =>
      Promise.race([
        inPage('globalThis.kept').catch(() => null),
        new Promise((later) => setTimeout(later, 1_000, null)),
      ]);
    await looking.store(observe());
    await looking.page?.goto(origin);
    await expect.poll(() => looking.read(refusals), { timeout: 30_000 }).toBe(1);
    await inPage(`addEventListener('pageshow', ({ persisted }) => { globalThis.kept = persisted; })`);
    await looking.page?.goto(origin.replace('127.0.0.1', 'localhost'));
    await expect.poll(() => looking.read(refusals), { timeout: 30_000 }).toBe(2);
    await inPage('void setTimeout(() => history.back(), 100)');
    await expect.poll(kept, { timeout: 20_000 }).toBe(true);
    await inPage(again);
    await expect.poll(() => looking.read(refusals), { timeout: 30_000 }).toBe(3);
    await expect.poll(() => looking.read(shown), { timeout: 30_000 }).toContain(proven);
  });

  lookedAt('in a frame of another site’s page only where that was chosen', async (looking) => {
    const embedding = `${origin.replace('127.0.0.1', 'localhost')}/embeds`;
    await looking.store(observe());
    await looking.page?.goto(embedding);
    await expect.poll(() => looking.read(refusals), { timeout: 30_000 }).toBe(1);
    await heeded();
    expect(await looking.read(shown)).toBe('');
    await looking.store(observe(origin));
    await looking.page?.goto(embedding);
    await expect.poll(() => looking.read(shown), { timeout: 30_000 }).toContain(proven);
  });
});
