import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFirefox } from '../lab/firefox.ts';
import { Firefox } from './marionette.ts';

const path = findFirefox();
const folder = mkdtempSync(join(tmpdir(), 'firefox-build-'));
let firefox: Firefox | null = null;
let site: Server;
let origin = '';

/** A page that calls an MCP server and is told where to sign in. */
const page = `<script>
  const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'page', version: '1' } } };
  setTimeout(async () => {
    await fetch('/mcp', { method: 'POST', body: JSON.stringify(initialize),
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' } });
    await fetch('/.well-known/oauth-protected-resource/mcp');
  }, 300);
</script>`;

beforeAll(async () => {
  if (path === null) return;
  await build({
    configFile: resolve('vite.config.ts'),
    mode: 'firefox',
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  site = createServer((request, response) => {
    const json = { 'content-type': 'application/json' };
    const metadata = `${origin}/.well-known/oauth-protected-resource/mcp`;
    if (request.url === '/mcp') {
      const challenge = `Bearer error="invalid_token", resource_metadata="${metadata}"`;
      response.writeHead(401, { ...json, 'www-authenticate': challenge }).end('{}');
    } else if (request.url?.startsWith('/.well-known/')) {
      const document = { resource: `${origin}/mcp`, authorization_servers: [origin], scopes_supported: ['files:read'] };
      response.writeHead(200, json).end(JSON.stringify(document));
    } else response.writeHead(200, { 'content-type': 'text/html' }).end(page);
  });
  await new Promise<void>((ready) => site.listen(0, '127.0.0.1', ready));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  firefox = await Firefox.start(path);
  await firefox.send('Addon:Install', { path: folder, temporary: true });
}, 120_000);

afterAll(async () => {
  await firefox?.close();
  site?.closeAllConnections();
  site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const toolbox = `const { gDevTools } = ChromeUtils.importESModule('resource://devtools/shared/loader/Loader.sys.mjs')
  .require('devtools/client/framework/devtools');`;

const openToolbox = `${toolbox}
  const box = await gDevTools.showToolboxForTab(gBrowser.selectedTab, { toolId: 'webconsole' });
  for (let i = 0; i < 80 && box.visibleAdditionalTools.length === 0; i++) await new Promise((r) => setTimeout(r, 250));
  await new Promise((r) => setTimeout(r, 1000));
  return box.visibleAdditionalTools.length;`;

const rowsOfPanel = `JSON.stringify([...content.document.querySelectorAll('[data-entry]')].map((row) => row.textContent))`;

const readPanel = `${toolbox}
  const box = gDevTools.getToolboxForTab(gBrowser.selectedTab);
  const [id] = box.visibleAdditionalTools;
  await box.selectTool(id);
  const frame = box.doc.getElementById('toolbox-panel-iframe-' + id);
  for (let i = 0; i < 240; i++) {
    await new Promise((r) => setTimeout(r, 250));
    const browser = frame.browser ?? frame.contentDocument?.querySelector('browser') ?? frame;
    const rows = await new Promise((found) => {
      browser.messageManager.addMessageListener('rows', ({ data }) => found(JSON.parse(data)));
      browser.messageManager.loadFrameScript('data:,' + encodeURIComponent("sendAsyncMessage('rows', ${rowsOfPanel.replaceAll('"', '\\"')})"), false);
    });
    if (rows.length >= 2) return rows;
  }
  return [];`;

test.skipIf(path === null)(
  "in Firefox's own toolbox the panel shows traffic from before it was opened, bodies included",
  async () => {
    expect(await firefox?.inBrowser(openToolbox)).toBe(1);
    await firefox?.navigate(origin);
    await new Promise((later) => setTimeout(later, 1_500));
    const rows = (await firefox?.inBrowser(readPanel)) as string[];
    expect(rows[0]).toContain('initialize');
    expect(rows[0]).toContain('invalid_token');
    expect(rows[1]).toContain('offers files:read');
  },
  60_000,
);
