import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBrowser } from './browser.ts';
import { runFree, runGuided } from './guided.ts';
import { runHeadless } from './headless-run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fromHere = (path: string) => relative(process.cwd(), `${root}${path}`) || '.';

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function needBuilt(path: string): string {
  if (!existsSync(`${root}${path}`)) throw new Error(`${path} is missing: run "npm run build" first.`);
  return `${root}${path}`;
}

/**
 * Starts the laboratory and shows the inspector at work: guided in a window, free with `--free`, or headless
 * where there is no display (or with `--headless`). Ctrl-C ends the browser and everything else.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      free: { type: 'boolean', default: false },
      headless: { type: 'boolean', default: false },
      'install-browser': { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  ensureBrowser(values['install-browser']);
  const extension = needBuilt('dist/chrome');
  if (values.headless || !hasDisplay()) {
    await runHeadless({
      extension,
      commandLine: needBuilt('dist/cli/main.js'),
      out: values.out ?? fromHere('out'),
    });
  } else if (values.free) await runFree(extension);
  else await runGuided(extension);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
