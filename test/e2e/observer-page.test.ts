import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readScriptReports, type ScriptReport } from '../../src/capture/script-report.ts';
import { launchBrowser } from '../lab/browser.ts';
import { extensionFolder, missingFor } from './needs.ts';

const missing = missingFor({ extension: true });
const script = join(extensionFolder, 'observer/observer.js');
const observer = existsSync(script) ? readFileSync(script, 'utf8') : '';

/** The other side of the port, as the bridge takes it, keeping what comes. */
const bridge = `{
  const seen = [];
  Object.defineProperty(window, 'seen', { value: seen });
  addEventListener('mcp-auth-inspector-welcome', ({ ports: [port] }) => {
    port.onmessage = ({ data }) => void seen.push(data);
  }, { once: true });
}`;

let site: Server;
let origin = '';
let browser: Browser;
const streams = { written: 0, aborted: false };

beforeAll(async () => {
  if (missing) return;
  site = createServer((request, response) => {
    const url = request.url ?? '';
    if (url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-hidden': '1' });
      response.write('id: 7\ndata: {"a":1}\n\n');
      request.once('close', () => {
        streams.aborted = true;
      });
    } else if (url === '/flood') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) streams.written += 65_536;
      };
      response.on('drain', pour);
      pour();
    } else if (url === '/refused') request.socket.destroy();
    else if (url === '/json') {
      response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': 'Bearer' }).end('{"a":1}');
    } else response.writeHead(200, { 'content-type': 'text/html' }).end('<p>');
  });
  await new Promise<void>((ready) => site.listen(0, '127.0.0.1', ready));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  browser = await launchBrowser({ headless: true });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
});

/** A page with the observer in it, after what the page's own first script does. */
async function pageWith(before = '', after = ''): Promise<Page> {
  const page = await browser.newPage();
  if (before !== '') await page.evaluateOnNewDocument(before);
  await page.evaluateOnNewDocument(bridge);
  await page.evaluateOnNewDocument(observer);
  if (after !== '') await page.evaluateOnNewDocument(after);
  await page.goto(origin);
  return page;
}

async function reportsOf(page: Page): Promise<readonly ScriptReport[]> {
  await new Promise((later) => setTimeout(later, 200));
  const texts = (await page.evaluate('seen')) as string[];
  return texts.flatMap((text) => readScriptReports(text));
}

/** Evaluates the body of an asynchronous function in the page. */
const inPage = (page: Page, body: string): Promise<unknown> => page.evaluate(`(async () => { ${body} })()`);

describe.skipIf(missing)(`the observer in a page${missing && ` (${missing})`}`, () => {
  test('tells which fields script could read, not what they say; the answer is the page’s, whole', async () => {
    const page = await pageWith();
    expect(
      await inPage(page, `const r = await fetch('/json', { method: 'post' }); return [r.status, await r.json()];`),
    ).toEqual([401, { a: 1 }]);
    const reports = await reportsOf(page);
    expect(reports).toContainEqual(
      expect.objectContaining({ kind: 'response', via: 'fetch', method: 'POST', url: `${origin}/json`, status: 401 }),
    );
    expect(reports.flatMap((report) => (report.kind === 'response' ? report.headers : []))).toContain(
      'www-authenticate',
    );
    expect(JSON.stringify(reports)).not.toContain('Bearer');
    await page.close();
  });

  test.each([
    [
      'before it',
      `const own = fetch; window.fetch = function (...a) { window.calls = (window.calls ?? 0) + 1; return own.apply(this, a); };`,
      '',
    ],
    [
      'after it',
      '',
      `const own = fetch; window.fetch = async (...a) => { window.calls = (window.calls ?? 0) + 1; return own(...a); };`,
    ],
  ])('a page that wraps fetch %s works, and is seen', async (_when, before, after) => {
    const page = await pageWith(before, after);
    expect(await inPage(page, `const r = await fetch('/json'); return [await r.text(), window.calls];`)).toEqual([
      '{"a":1}',
      1,
    ]);
    expect((await reportsOf(page)).filter(({ kind }) => kind === 'response')).toHaveLength(1);
    await page.close();
  });

  test('a page that breaks the interfaces afterwards neither breaks it nor is broken', async () => {
    const page = await pageWith(
      '',
      `
      Promise.prototype.then = new Proxy(Promise.prototype.then, {});
      Headers.prototype.forEach = () => { throw new Error('no'); };
      JSON.stringify = () => 'forged'; Date.now = () => 5; window.setTimeout = () => 0;
      MessagePort.prototype.postMessage = () => { throw new Error('no'); };
      Object.defineProperty(Response.prototype, 'status', { get() { throw new Error('no'); } });`,
    );
    expect(await inPage(page, `return (await fetch('/json')).text();`)).toBe('{"a":1}');
    const [report] = await reportsOf(page);
    expect(report).toMatchObject({ kind: 'response', status: 401 });
    expect(report?.at).toBeGreaterThan(1_600_000_000_000);
    await page.close();
  });

  test('looks as the browser’s own: name, length, text, class, what is thrown', async () => {
    const page = await pageWith();
    const found = await inPage(
      page,
      `
      class Own extends EventSource {}
      const own = new Own('/events');
      const found = [fetch.name, fetch.length, /\\[native code\\]/.test(Function.prototype.toString.call(fetch)),
        own instanceof Own && own instanceof EventSource, EventSource.CONNECTING, XMLHttpRequest.prototype.open.length,
        Object.keys(window).includes('fetch'), (() => { try { EventSource('/events'); } catch (e) { return e.name; } })(),
        await fetch('http://[').catch((e) => e instanceof TypeError), fetch() instanceof Promise];
      own.close();
      return found;`,
    );
    expect(found).toEqual(['fetch', 1, true, true, 0, 2, true, 'TypeError', true, true]);
    await page.close();
  });

  test('a failure that the page leaves unhandled is unhandled once, one that it handles is not', async () => {
    const page = await pageWith();
    const unhandled = await inPage(
      page,
      `
      let count = 0; addEventListener('unhandledrejection', () => { count += 1; });
      await fetch('/refused').catch(() => {});
      fetch('/refused');
      await new Promise((r) => setTimeout(r, 500));
      return count;`,
    );
    expect(unhandled).toBe(1);
    expect((await reportsOf(page)).filter(({ kind }) => kind === 'failure')).toHaveLength(2);
    await page.close();
  });

  test('a stream is told chunk by chunk as it comes; an abort reaches the server', async () => {
    streams.aborted = false;
    const page = await pageWith();
    const text = await inPage(
      page,
      `
      window.stop = new AbortController();
      const r = await fetch('/events', { signal: stop.signal });
      const reader = r.body.pipeThrough(new TextDecoderStream()).getReader();
      const { value } = await reader.read();
      return value;`,
    );
    expect(text).toBe('id: 7\ndata: {"a":1}\n\n');
    expect(await reportsOf(page)).toContainEqual(expect.objectContaining({ kind: 'chunk', length: 21 }));
    await inPage(page, 'stop.abort();');
    await expect.poll(() => streams.aborted).toBe(true);
    await page.close();
  });

  test('the requests of one document are numbered apart from those of the next', async () => {
    const page = await pageWith();
    const numbers = async (): Promise<readonly number[]> => {
      await inPage(page, `await Promise.all([fetch('/json'), fetch('/json')]);`);
      return (await reportsOf(page)).map(({ id }) => id);
    };
    const before = await numbers();
    await page.reload();
    const both = new Set([...before, ...(await numbers())]);
    expect(both.size).toBe(4);
    await page.close();
  });

  test('nothing is read that the page does not read: a stream left alone is held back', async () => {
    streams.written = 0;
    const page = await pageWith();
    await inPage(page, `const r = await fetch('/flood'); window.kept = r; await r.body.getReader().read();`);
    await new Promise((later) => setTimeout(later, 700));
    const held = streams.written;
    await new Promise((later) => setTimeout(later, 700));
    expect(streams.written).toBe(held);
    await page.close();
  });

  test('XMLHttpRequest and EventSource are seen, and answer their page as ever', async () => {
    const page = await pageWith();
    const answers = await inPage(
      page,
      `
      const xhr = new XMLHttpRequest(); xhr.open('GET', '/json'); xhr.send();
      await new Promise((r) => { xhr.onloadend = r; });
      const source = new EventSource('/events');
      const data = await new Promise((r) => { source.onmessage = (e) => r(e.data); });
      source.close();
      return [xhr.status, xhr.responseText, data];`,
    );
    expect(answers).toEqual([401, '{"a":1}', '{"a":1}']);
    const reports = await reportsOf(page);
    expect(reports).toContainEqual(
      expect.objectContaining({ via: 'xhr', status: 401, headers: expect.arrayContaining(['www-authenticate']) }),
    );
    expect(reports).toContainEqual(expect.objectContaining({ kind: 'chunk', length: 7, event: '7' }));
    await page.close();
  });

  test('what a page passes is touched once, by the browser', async () => {
    const page = await pageWith();
    const touched = await inPage(
      page,
      `
      let touched = 0;
      await fetch({ toString() { touched += 1; return '/json'; } }, { get method() { touched += 1; return 'POST'; } });
      return touched;`,
    );
    expect(touched).toBe(2);
    await page.close();
  });
});
