import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FirefoxPanel } from '../extension/firefox-panel.ts';
import { grantedBuild } from '../extension/granted.ts';
import { Firefox, findFirefox } from '../extension/marionette.ts';
import { launchBrowser } from '../lab/browser.ts';
import { openPanel } from '../lab/panel.ts';
import { extensionFolder, missingFor } from './needs.ts';

/** An MCP server that hides its challenge from other origins, and a page that calls it. */
let server: Server;
let site: Server;
let origin = '';

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
  const page = `<script>setTimeout(() => fetch('${url}/mcp', ${init}), 500)</script>`;
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
const open = `(document.querySelector('[data-entry][data-status="401"]')?.click(),
  document.querySelector('#tab-exchange')?.click(), document.querySelector('.script-view')?.textContent ?? '')`;
const proven = 'It could not read WWW-Authenticate';

const noChromium = missingFor({ extension: true });
test.skipIf(noChromium)(
  'in Chromium a challenge that CORS hides is proven unreadable',
  async () => {
    const folder = await grantedBuild(extensionFolder);
    const browser = await launchBrowser({ headless: true, extension: folder });
    try {
      const { panel } = await openPanel(browser);
      await panel.evaluate(`chrome.storage.local.set(${JSON.stringify(observe())})`);
      await new Promise((later) => setTimeout(later, 2_000));
      const [page] = await browser.pages();
      await page?.goto(origin);
      await expect.poll(() => panel.evaluate(open), { timeout: 20_000 }).toContain(proven);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
  120_000,
);

test.skipIf(noChromium)(
  'in a frame of another site’s page only where that was chosen',
  async () => {
    const folder = await grantedBuild(extensionFolder);
    const browser = await launchBrowser({ headless: true, extension: folder });
    try {
      const { panel } = await openPanel(browser);
      const [page] = await browser.pages();
      const embedding = `${origin.replace('127.0.0.1', 'localhost')}/embeds`;
      const shown = (): Promise<unknown> => panel.evaluate(open);
      await panel.evaluate(`chrome.storage.local.set(${JSON.stringify(observe())})`);
      await new Promise((later) => setTimeout(later, 2_000));
      await page?.goto(embedding);
      await expect
        .poll(() => panel.evaluate(`document.querySelector('[data-entry][data-status="401"]') !== null`), {
          timeout: 20_000,
        })
        .toBe(true);
      await new Promise((later) => setTimeout(later, 2_000));
      expect(await shown()).toBe('');
      await panel.evaluate(`chrome.storage.local.set(${JSON.stringify(observe(origin))})`);
      await new Promise((later) => setTimeout(later, 2_000));
      await page?.goto(embedding);
      const last = open
        .replace('document.querySelector(', '[...document.querySelectorAll(')
        .replace("]')?.click", "]')].at(-1)?.click");
      await expect.poll(() => panel.evaluate(last), { timeout: 20_000 }).toContain(proven);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
  120_000,
);

describe.skipIf(findFirefox() === null)('in Firefox', () => {
  test('a challenge that CORS hides is proven unreadable', async () => {
    const folder = await grantedBuild(fileURLToPath(new URL('../../dist/firefox', import.meta.url)));
    const firefox = await Firefox.start(findFirefox() ?? '');
    try {
      await firefox.send('Addon:Install', { path: folder, temporary: true });
      const browser = await firefox.pages();
      const panel = await FirefoxPanel.open(firefox);
      const stored = `Cu.cloneInto(${JSON.stringify(observe())}, content)`;
      await panel.read(`(content.wrappedJSObject.browser.storage.local.set(${stored}), true)`);
      await new Promise((later) => setTimeout(later, 2_000));
      const [page] = await browser.pages();
      await page?.goto(origin);
      await expect.poll(() => panel.read(open), { timeout: 30_000 }).toContain(proven);
    } finally {
      await firefox.close();
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
