import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, launch } from 'puppeteer-core';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const applications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

function installed(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...onPath, ...applications].find((path) => existsSync(path));
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** Installs Debian's Chromium. Only ever called when asked to, or as root on a machine without a terminal. */
function installChromium(): void {
  const [command, ...prefix] = isRoot() ? ['apt-get'] : ['sudo', 'apt-get'];
  if (!command) return;
  const inherit = { stdio: 'inherit' } as const;
  execFileSync(command, [...prefix, 'update'], inherit);
  execFileSync(command, [...prefix, 'install', '--yes', '--no-install-recommends', 'chromium'], inherit);
}

/**
 * The path of Chromium or Chrome: `CHROME_PATH`, else the first one found.
 *
 * @param install `--install-browser` was given
 * @throws Error that says what to do when there is none
 */
export function findBrowser(install = process.argv.includes('--install-browser')): string {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROME_PATH names ${named}, which does not exist.`);
  }
  const found = installed();
  if (found) return found;
  if (install || (isRoot() && !process.stdin.isTTY && existsSync('/usr/bin/apt-get'))) {
    installChromium();
    const fresh = installed();
    if (fresh) return fresh;
  }
  throw new Error(
    'No Chromium or Chrome was found. Install one (Debian: "sudo apt-get install chromium"), ' +
      'or set CHROME_PATH to its executable, or run this again with --install-browser.',
  );
}

/** How to start the browser. */
export interface BrowserOptions {
  readonly headless: boolean;
  /** Folder of an unpacked extension to load; DevTools then opens with every tab. */
  readonly extension?: string;
  readonly windowSize?: readonly [width: number, height: number];
}

/** Starts Chromium with a fresh profile. Closing it removes the profile. */
export async function launchBrowser({ headless, extension, windowSize }: BrowserOptions): Promise<Browser> {
  const args = [
    ...(isRoot() ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...(extension === undefined ? [] : ['--auto-open-devtools-for-tabs']),
    ...(windowSize ? [`--window-size=${windowSize.join(',')}`] : []),
  ];
  return launch({
    executablePath: findBrowser(),
    headless,
    pipe: true,
    args,
    defaultViewport: null,
    ...(extension === undefined ? {} : { enableExtensions: [extension] }),
  });
}
