import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { CdpPipe } from './pipe.ts';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const applications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** The path of Chromium or Chrome: the one that `CHROME_PATH` names, else the first one installed; null when there is none. */
export function installedBrowser(env: Readonly<Record<string, string | undefined>>): string | null {
  if (env.CHROME_PATH) return existsSync(env.CHROME_PATH) ? env.CHROME_PATH : null;
  const folders = (env.PATH ?? '').split(delimiter);
  const onPath = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...onPath, ...applications].find((path) => existsSync(path)) ?? null;
}

/** Whether this process is root, for whom Chromium has no sandbox. */
export const isRoot = (): boolean => process.getuid?.() === 0;

/** What every start of the browser has in common: nothing that it would ask of its maker by itself. */
export const quietFlags: readonly string[] = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser of our own, with a fresh profile that goes when it ends. */
export interface OwnBrowser {
  readonly cdp: CdpPipe;
  /** Resolves when the browser has ended, by whomever. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Starts Chromium without a page, to be driven over a pipe. */
export async function startBrowser(path: string, headless: boolean): Promise<OwnBrowser> {
  // No other command needs it, and each would wait for it.
  const { spawn } = await import('node:child_process');
  const profile = mkdtempSync(join(tmpdir(), 'mcp-auth-inspector-'));
  const child: ChildProcess = spawn(
    path,
    [
      ...(isRoot() ? ['--no-sandbox'] : []),
      ...quietFlags,
      ...(headless ? ['--headless=new'] : []),
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    // An interrupt is for the recorder, which then closes the browser itself.
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' },
  );
  const cdp = new CdpPipe(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  }).then(() => rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  return {
    cdp,
    ended,
    async close() {
      const timer = setTimeout(kill, PATIENCE);
      await cdp.root.send('Browser.close').catch(kill);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** A browser that does not close in this time is ended, milliseconds. */
const PATIENCE = 5000;
