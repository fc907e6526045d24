import { existsSync } from 'node:fs';
import { type Browser, launch } from 'puppeteer-core';
import { installedBrowser, isRoot, quietFlags } from '../../src/cli/record/chromium.ts';
import { installPackage, mayInstall } from './debian.ts';

const advice =
  'No Chromium or Chrome was found. Install one (Debian: "sudo apt-get install chromium"), ' +
  'or set CHROME_PATH to its executable, or run this again with --install-browser.';

/**
 * The path of Chromium or Chrome: `CHROME_PATH`, else the first one found.
 *
 * @throws Error that says what to do when there is none
 */
export function findBrowser(): string {
  const named = process.env.CHROME_PATH;
  if (named && !existsSync(named)) throw new Error(`CHROME_PATH names ${named}, which does not exist.`);
  const found = installedBrowser(process.env);
  if (!found) throw new Error(advice);
  return found;
}

/**
 * Makes sure of a browser: installs Debian's when told to, or as root without a terminal (a CI machine).
 *
 * @param asked whether `--install-browser` was given
 * @throws Error that says what to do when there is no browser and none may be installed
 */
export function ensureBrowser(asked: boolean): void {
  const absent = !process.env.CHROME_PATH && !installedBrowser(process.env);
  if (absent && mayInstall(asked)) installPackage('chromium');
  findBrowser();
}

/** How to start the browser. */
export interface BrowserOptions {
  readonly headless: boolean;
  /** Folders of unpacked extensions to load; DevTools then opens with every tab. */
  readonly extension?: string | readonly string[];
  /** False: DevTools stays closed until it is opened (`openDevtools` of panel.ts). */
  readonly openDevtools?: boolean;
  readonly windowSize?: readonly [width: number, height: number];
}

/** Starts Chromium with a fresh profile. Closing it removes the profile. */
export async function launchBrowser({
  headless,
  extension,
  openDevtools = true,
  windowSize,
}: BrowserOptions): Promise<Browser> {
  const args = [
    ...(isRoot() ? ['--no-sandbox'] : []),
    ...quietFlags,
    ...(extension !== undefined && openDevtools ? ['--auto-open-devtools-for-tabs'] : []),
    ...(windowSize ? [`--window-size=${windowSize.join(',')}`] : []),
  ];
  return launch({
    executablePath: findBrowser(),
    headless,
    pipe: true,
    args,
    // As users have it: a page that is left waits to come back.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    defaultViewport: null,
    ...(extension === undefined ? {} : { enableExtensions: [extension].flat() }),
  });
}
