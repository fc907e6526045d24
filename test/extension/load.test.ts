import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'puppeteer-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../lab/browser.ts';
import { servePage } from './page-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'panel-load-'));
let browser: Browser;
let server: Awaited<ReturnType<typeof servePage>>;
beforeAll(async () => {
  await build({
    configFile: resolve('vite.config.ts'),
    mode: 'chrome',
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  server = await servePage(folder);
  browser = await launchBrowser({ headless: true });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the extension's panel page; its files are told as they are asked for. */
async function open() {
  const page = await browser.newPage();
  const files = new Set<string>();
  page.on('response', (response) => {
    const { origin, pathname } = new URL(response.url());
    if (origin === new URL(server.url).origin && response.ok()) files.add(pathname);
  });
  await page.goto(`${server.url}src/extension/panel/panel.html`, { waitUntil: 'networkidle0' });
  await page.waitForSelector('[data-ready=true]');
  return { page, files };
}

const compressed = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);

describe('the panel page', () => {
  test('loads less than 120 KB, compressed, until it is shown and listens', async () => {
    const { page, files } = await open();
    expect(files.size).toBeGreaterThan(2);
    expect(compressed(files)).toBeLessThan(120_000);
    await page.close();
  });

  test('loads the engine and its rules with the first exchange, a rule page when it is opened', async () => {
    const { page, files } = await open();
    const first = new Set(files);
    await page.locator('.empty button ::-p-text(sample)').click();
    await page.waitForSelector('[data-entry]');
    const second = new Set(files);
    expect(compressed(second) - compressed(first)).toBeGreaterThan(50_000);
    await page.click('.outcome.open .source .link');
    await page.waitForSelector('.rule-page');
    expect(files.size).toBeGreaterThan(second.size);
    await page.close();
  });
});
