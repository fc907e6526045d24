import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isRoot } from '../../src/cli/record/chromium.ts';

/**
 * Whether Debian's packages may be installed: where there are any, when told to, or as root without a terminal (a CI
 * machine).
 *
 * @param asked whether `--install-browser` was given
 */
export function mayInstall(asked: boolean): boolean {
  const unattended = isRoot() && !process.stdin.isTTY;
  return (asked || unattended) && existsSync('/usr/bin/apt-get');
}

/**
 * Installs one of Debian's packages with what it depends on.
 *
 * @throws Error when that fails
 */
export function installPackage(name: string): void {
  const [command, ...prefix] = isRoot() ? (['apt-get'] as const) : (['sudo', 'apt-get'] as const);
  const inherit = { stdio: 'inherit' } as const;
  execFileSync(command, [...prefix, 'update'], inherit);
  execFileSync(command, [...prefix, 'install', '--yes', '--no-install-recommends', name], inherit);
}
