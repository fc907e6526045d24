import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'puppeteer-core';
import { findBrowser, launchBrowser } from '../lab/browser.ts';
import { servePage } from './page-server.ts';

/**
 * Pictures of the panel in its states, both dockings, light and dark, into
 * `out/screens/`: `npm run build:page && npm run screens -- [recording.har] [state...]`.
 */
interface State {
  readonly name: string;
  readonly file: boolean;
  prepare?(page: Page): Promise<void>;
}

const press =
  (...keys: readonly string[]) =>
  async (page: Page): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key as 'j');
  };

const states: readonly State[] = [
  { name: 'empty', file: false },
  { name: 'finding', file: true },
  { name: 'evidence', file: true, prepare: (page) => page.click('.evidence .entry') },
  { name: 'exchange', file: true, prepare: press('j', 'j', '2') },
  { name: 'token', file: true, prepare: press('3') },
  { name: 'scopes', file: true, prepare: press('4') },
  { name: 'raw', file: true, prepare: press('j', 'j', 'j', '5') },
  { name: 'filter', file: true, prepare: (page) => page.type('#filter', 'status:4xx') },
  { name: 'no-match', file: true, prepare: (page) => page.type('#filter', 'nothing like this') },
  { name: 'checks', file: true, prepare: (page) => page.click('[data-verdict=all-checks]') },
  { name: 'end', file: true, prepare: press('j', 'End') },
  {
    name: 'all-traffic',
    file: true,
    prepare: (page) => page.$eval('.check input', (box) => (box as HTMLElement).click()),
  },
  {
    name: 'export',
    file: true,
    prepare: async (page) => {
      await page.keyboard.press('x');
      await page.waitForSelector('.preview[aria-busy=false]');
    },
  },
  { name: 'sessions', file: true, prepare: press('s') },
  { name: 'notebook', file: true, prepare: press('j', 'm', '6') },
  { name: 'note', file: true, prepare: press('j', 'e') },
  { name: 'completion', file: true, prepare: (page) => page.type('#filter', 'status:') },
  { name: 'cleared', file: true, prepare: press('c') },
  { name: 'keys', file: true, prepare: press('?') },
  { name: 'unseen', file: true, prepare: press('b') },
  { name: 'settings', file: true, prepare: press(',') },
];

const sizes = { bottom: [1400, 350], right: [550, 800] } as const;
const themes = ['light', 'dark'] as const;

async function main([recording = 'test/recordings/v1-stepup.har', ...wanted]: readonly string[]): Promise<void> {
  findBrowser();
  const folder = resolve('out/screens');
  mkdirSync(folder, { recursive: true });
  const server = await servePage('dist/page');
  const browser = await launchBrowser({ headless: true });
  try {
    for (const state of states) {
      if (wanted.length > 0 && !wanted.includes(state.name)) continue;
      for (const [docking, [width, height]] of Object.entries(sizes)) {
        for (const theme of themes) {
          const page = await browser.newPage();
          await page.setViewport({ width, height });
          await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
          await page.goto(server.url);
          await page.waitForSelector('[data-ready=true]');
          if (state.file) {
            const input = await page.$('input[type=file]');
            await (input as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(recording);
            await page.waitForSelector('[data-entry]');
          }
          await state.prepare?.(page);
          await new Promise((settled) => setTimeout(settled, 150));
          await page.screenshot({ path: `${folder}/${state.name}-${docking}-${theme}.png` });
          await page.close();
        }
      }
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

await main(process.argv.slice(2));
