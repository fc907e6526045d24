import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackage, mayInstall } from './debian.ts';

/** Path of Firefox: `FIREFOX_PATH`, else the first one found; null when there is none. */
export function findFirefox(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const paths = ['firefox-esr', 'firefox'].flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env.FIREFOX_PATH ?? '', ...paths].find((path) => path !== '' && existsSync(path)) ?? null;
}

/**
 * Makes sure of Firefox where it may be installed. Without it its own tests are skipped, the others need none: then
 * the terminal says what to do.
 *
 * @param asked whether `--install-browser` was given
 */
export function wishForFirefox(asked: boolean): void {
  if (findFirefox() === null && mayInstall(asked)) {
    try {
      installPackage('firefox-esr');
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  if (findFirefox() === null) process.stderr.write(advice);
}

const advice =
  'No Firefox was found: its tests are skipped. To run them, install one (Debian: "sudo apt-get install firefox-esr"), ' +
  'or set FIREFOX_PATH to its executable, or run this again with --install-browser.\n';
