import { rm } from 'node:fs/promises';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantedBuild } from '../extension/granted.ts';
import { launchBrowser } from '../lab/browser.ts';
import { type Listening, listen } from '../lab/listen.ts';
import { recordedSession, showPanel } from '../lab/panel.ts';
import { extensionFolder, missingFor } from './needs.ts';

const missing = missingFor({ extension: true });
const limit = 60_000;

interface Entry {
  readonly request: {
    readonly url: string;
    readonly method: string;
    readonly headers: readonly { readonly name: string; readonly value: string }[];
    readonly postData?: { readonly text?: string };
  };
  readonly response: { readonly status: number };
}

/** In the page: a call with a token, as an MCP client makes it. */
const call = (url: string): string => `fetch('${url}', {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer secret-token', 'mcp-protocol-version': '2025-06-18' },
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
}).then((answer) => answer.status)`;

const fieldsOf = (entry: Entry | undefined) =>
  Object.fromEntries(entry?.request.headers.map(({ name, value }) => [name.toLowerCase(), value]) ?? []);

describe.skipIf(missing)(`a tab beside one with DevTools${missing && ` (${missing})`}`, () => {
  let browser: Browser;
  let granted: string;
  let server: Listening;
  /** `Origin` of the calls that arrived. */
  const origins: (string | undefined)[] = [];

  beforeAll(async () => {
    granted = await grantedBuild(extensionFolder);
    server = await listen(() => (request, response) => {
      const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*, authorization' };
      const challenged = { ...cors, 'www-authenticate': 'Bearer error="invalid_token"' };
      if (request.method === 'OPTIONS') response.writeHead(204, cors).end();
      else if (request.url === '/mcp') {
        origins.push(request.headers.origin);
        response.writeHead(401, challenged).end();
      } else if (request.url === '/moved') response.writeHead(307, { ...cors, location: `${server.origin}/mcp` }).end();
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<p>');
    });
    browser = await launchBrowser({ headless: true, extension: granted, openDevtools: false });
  }, limit);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(granted, { recursive: true, force: true });
  });

  it('is recorded with what was sent, so that its DevTools, opened late, shows who asked with what', {
    timeout: limit,
  }, async () => {
    const inspected = (await browser.pages())[0] ?? (await browser.newPage());
    await inspected.goto(server.origin);
    const devtools = await inspected.openDevTools();
    await showPanel(devtools);
    // The background is told that this tab is listened to, and stops to ask for what costs every request.
    await new Promise((later) => setTimeout(later, 2_000));
    const beside = await browser.newPage();
    await beside.goto(server.origin);
    const url = `${server.origin.replace('127.0.0.1', 'localhost')}/mcp`;
    expect(await beside.evaluate(call(url))).toBe(401);
    expect(await beside.evaluate(call(url.replace('/mcp', '/moved')))).toBe(401);
    // What a redirect led to another origin has lost its own.
    expect(origins).toEqual([server.origin, 'null']);
    const late = await showPanel(await beside.openDevTools());
    const seen = async () =>
      ((await recordedSession(late)).entries as Entry[]).filter(({ request }) => request.method === 'POST');
    await expect.poll(seen, { timeout: 15_000 }).toHaveLength(3);
    const [entry, , redirected] = await seen();
    const fields = fieldsOf(entry);
    expect(fieldsOf(redirected)).not.toHaveProperty('origin');
    expect(redirected).toHaveProperty('_headersLeftOut', true);
    expect(fields).toMatchObject({ authorization: 'Bearer secret-token', origin: server.origin });
    expect(entry).toMatchObject({ request: { url, postData: { text: expect.stringContaining('"ping"') } } });
    expect(entry?.response.status).toBe(401);
    expect(entry).toHaveProperty('_headersLeftOut', true);
    // Cookies, preflights: left out, for one listener that asks for them costs every request of the browser.
    expect(fields).not.toHaveProperty('sec-fetch-mode');
  });
});
