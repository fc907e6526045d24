import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import type { Browser, ElementHandle, Page } from 'puppeteer-core';
import { build } from 'vite';
import { stepUp } from '../cli/fixtures.ts';
import { launchBrowser } from '../lab/browser.ts';
import { har } from '../report/hars.ts';
import type { LivePage } from './live/main.ts';
import { servePage } from './page-server.ts';

declare global {
  interface Window {
    /** Only in a page that was opened by `openLive`. */
    readonly live: LivePage;
  }
}

export type Theme = 'light' | 'dark';
export const sizes = { bottom: [1400, 350], right: [550, 800] } as const;
export type Docking = keyof typeof sizes;
export const dockings = Object.keys(sizes) as readonly Docking[];

export interface LiveOptions {
  readonly theme?: Theme;
  readonly docking?: Docking;
  /** Permissions can be asked for, as in DevTools. */
  readonly asks?: boolean;
}

/** The panel as an ordinary page, freshly built, in a headless browser. */
export interface PanelPage {
  open(theme?: Theme, docking?: Docking): Promise<Page>;
  /** The panel as DevTools shows it, over a recorder that the test feeds (`window.live`). */
  openLive(options?: LiveOptions): Promise<Page>;
  close(): Promise<void>;
}

export async function startPanelPage(): Promise<PanelPage> {
  const folder = await mkdtemp(join(tmpdir(), 'panel-page-'));
  await build({
    configFile: resolve('vite.config.ts'),
    mode: 'page',
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  let isLiveBuilt: Promise<unknown> | null = null;
  const server = await servePage(folder);
  const browser: Browser = await launchBrowser({ headless: true });
  const opened = async (path: string, theme: Theme, docking: Docking): Promise<Page> => {
    // A context of its own: what one page keeps is not another's.
    const page = await (await browser.createBrowserContext()).newPage();
    await dress(page, theme, docking);
    await page.goto(`${server.url}${path}`);
    await page.waitForSelector('#panel[data-ready="true"]');
    return page;
  };
  return {
    open: (theme = 'light', docking = 'bottom') => opened('', theme, docking),
    async openLive({ theme = 'light', docking = 'bottom', asks = false } = {}) {
      isLiveBuilt ??= buildLive(join(folder, 'live'));
      await isLiveBuilt;
      return opened(asks ? 'live/?ask' : 'live/', theme, docking);
    },
    async close() {
      await browser.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The panel over a recorder, as a page. */
const buildLive = (outDir: string): Promise<unknown> =>
  build({
    root: resolve(import.meta.dirname, 'live'),
    configFile: false,
    base: './',
    logLevel: 'error',
    define: { __VERSION__: JSON.stringify('live') },
    build: { outDir, emptyOutDir: true, target: 'es2023', modulePreload: false },
  });

/** Gives an open page the colours and the size of a docking. */
export async function dress(page: Page, theme: Theme, docking: Docking): Promise<void> {
  const [width, height] = sizes[docking];
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
}

/** Hands HAR entries to the recorder of a live page. */
export async function record(page: Page, entries: readonly unknown[]): Promise<void> {
  await page.waitForFunction(() => window.live !== undefined);
  await page.evaluate((all) => {
    for (const entry of all) window.live.recorder.add(entry);
  }, entries);
}

let filesOf: string | null = null;

/** Where files to open stand until the end: the panel reads them as streams, maybe later than it shows something. */
function folderOfFiles(): string {
  if (filesOf !== null) return filesOf;
  const folder = mkdtempSync(join(tmpdir(), 'panel-files-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  filesOf = folder;
  return folder;
}

/** Opens a file with this text by the panel's own button, and waits until something of it is shown. */
export async function importText(
  page: Page,
  name: string,
  text: string,
  shown = '[data-entry], dialog[open]',
): Promise<void> {
  const path = join(await mkdtemp(join(folderOfFiles(), 'har-')), name);
  await writeFile(path, text);
  const input = (await page.$('input[type=file]')) as ElementHandle<HTMLInputElement> | null;
  await input?.uploadFile(path);
  await page.waitForSelector(shown);
}

/** Opens the sample session that the panel brings along. */
export async function openSample(page: Page): Promise<void> {
  await page.locator('.empty button ::-p-text(sample)').click();
  await page.waitForSelector('[data-entry]');
}

/** What axe-core objects to, in words. */
export async function objections(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  });
  return found;
}

/** The text of the first element that fits. */
export const textOf = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent ?? '');

/** Presses keys one after the other. */
export const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key as 'j');
};

/** Opens a recording that ends in the middle of a step-up, so that some verdicts stay open. */
export async function openUndecided(page: Page): Promise<void> {
  await importText(page, 'undecided.har', JSON.stringify(har(stepUp('files:other'))));
  await page.waitForSelector('[data-kind=open]');
}
