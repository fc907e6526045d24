import { spawnSync } from 'node:child_process';
import { ensureBrowser } from './lab/browser.ts';
import { wishForFirefox } from './lab/firefox.ts';

/**
 * `npm test`: makes sure of the browsers, builds what the end-to-end tests load, runs every test.
 * `--install-browser` installs Debian's; other arguments go to Vitest (`npm test -- test/protocol`).
 */
function main(): number {
  const args = process.argv.slice(2);
  const asked = args.includes('--install-browser');
  ensureBrowser(asked);
  wishForFirefox(asked);
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
