import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedBrowser } from '../../src/cli/record/chromium.ts';
import { call } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'record-'));
const command = join(folder, 'command/main.js');
const token = 'access-token-that-no-export-may-hold-1';

/** A page that calls an MCP server by itself, once from a worker, and a server that refuses both. */
const page = `<!doctype html><title>chat</title><script>
const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
fetch('/mcp', { method: 'POST', body, headers: { ...headers, authorization: 'Bearer ${token}' } });
new Worker(URL.createObjectURL(new Blob(["fetch('" + origin + "/mcp?worker', { method: 'POST', body: '" + body + "', headers: " + JSON.stringify(headers) + " })"])));
</script>`;

let server: Server;
let address = '';

beforeAll(async () => {
  await build({
    configFile: resolve('vite.config.ts'),
    mode: 'cli',
    logLevel: 'error',
    build: { outDir: resolve(folder, 'command'), emptyOutDir: true },
  });
  server = createServer((request, response) => {
    if (request.url?.startsWith('/mcp')) {
      const challenge = request.headers.authorization ? 'Bearer error="invalid_token"' : 'Bearer scope="files:read"';
      response.writeHead(401, { 'www-authenticate': challenge, 'content-type': 'application/json' });
      response.end('{"error":"unauthorized"}');
    } else response.writeHead(200, { 'content-type': 'text/html' }).end(page);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}, 120_000);
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly errors: string;
}

/** Runs the built command; `onError` is told what it says while it runs. */
function run(args: readonly string[], onError: (text: string, kill: () => void) => void = () => {}): Promise<Ended> {
  const child = spawn(process.execPath, [command, ...args]);
  let [out, errors] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
    onError(errors, () => child.kill('SIGINT'));
  });
  return new Promise((done) => child.on('close', (status) => done({ status, out, errors })));
}

describe.skipIf(installedBrowser(process.env) === null)('record', () => {
  it('records page and worker with bodies, keeps a redacted HAR, and analyses', async () => {
    const file = join(folder, 'kept.har');
    const args = ['record', '--headless', '--for', '12s', '--out', file, '--format', 'json', '--', address];
    const { status, out, errors } = await run(args);
    expect(errors).toContain('recording http://127.0.0.1');
    expect([0, 1]).toContain(status);
    const result = JSON.parse(out);
    expect(result.story.servers.map(({ url }: { url: string }) => url)).toContain(`${address}mcp`);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(token);
    const { entries } = JSON.parse(text).log;
    const calls = entries.filter(({ request }: { request: { url: string } }) => request.url.includes('/mcp'));
    expect(calls.map(({ request }: { request: { url: string } }) => request.url).sort()).toEqual([
      `${address}mcp`,
      `${address}mcp?worker`,
    ]);
    for (const one of calls) {
      expect(one.request.postData.text).toContain('tools/list');
      expect(one.response.content.text).toContain('unauthorized');
      expect(JSON.stringify(one.response.headers)).toContain('www-authenticate');
    }
  });

  it('ends with an interrupt, and analyses what came till then', async () => {
    let isTold = false;
    const { status, out } = await run(['record', '--headless', '--for', '10m', '--', address], (errors, kill) => {
      if (isTold || !errors.includes('recording')) return;
      isTold = true;
      setTimeout(kill, 3000);
    });
    expect([0, 1]).toContain(status);
    expect(JSON.parse(out).schema).toBe('mcp-auth-inspector/result/1');
  });
});

describe('record says what is wrong with the call', () => {
  it.each([
    [['record'], 'needs one address'],
    [['record', '--', 'file:///etc/passwd'], 'not an http or https address'],
    [['record', '--headless', '--', 'http://localhost:1/'], '--headless needs --for'],
    [['record', '--headless', '--for', 'soon', '--', 'http://localhost:1/'], '--for is a time'],
    [['record', '--headless', '--for', '1s', '--redact', 'none', '--', 'http://localhost:1/'], 'add --yes'],
  ])('%j', async (args, says) => {
    const { status, errors } = await call(args);
    expect(status).toBe(2);
    expect(errors).toContain(says);
  });
  it('and that there is no browser', async () => {
    const args = ['record', '--headless', '--for', '1s', '--', 'http://localhost:1/'];
    const { status, errors } = await call(args, { env: { CHROME_PATH: join(folder, 'nowhere') } });
    expect(status).toBe(2);
    expect(errors).toContain('set CHROME_PATH');
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });
});
