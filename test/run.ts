import { spawnSync } from 'node:child_process';
import { ensureBrowser } from './lab/browser.ts';

/**
 * `npm test`: makes sure of a browser, builds what the end-to-end tests load, runs every test.
 * `--install-browser` installs Debian's Chromium; other arguments go to Vitest (`npm test -- test/protocol`).
 */
function main(): number {
  const args = process.argv.slice(2);
  ensureBrowser(args.includes('--install-browser'));
  const rest = args.filter((arg) => arg !== '--install-browser');
  return run('npm', ['run', 'build']) || run('npx', ['vitest', 'run', ...rest]);
}

function run(command: string, args: readonly string[]): number {
  return spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
