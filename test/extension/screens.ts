import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { findBrowser } from '../lab/browser.ts';
import { dockings, dress, sizes, startPanelPage } from './panel-page.ts';
import { openState, states } from './states/states.ts';

/**
 * Pictures of the panel in each of its states, both dockings, light and dark, into `out/screens/`:
 * `npm run screens -- [state...]`. It builds the page that it photographs.
 */
async function main(wanted: readonly string[]): Promise<void> {
  findBrowser();
  const unknown = wanted.filter((name) => !states.some((state) => state.name === name));
  if (unknown.length > 0) throw new Error(`No state is called ${unknown.join(', ')}.`);
  const folder = resolve('out/screens');
  mkdirSync(folder, { recursive: true });
  const panel = await startPanelPage();
  try {
    for (const state of states) {
      if (wanted.length > 0 && !wanted.includes(state.name)) continue;
      for (const docking of dockings) {
        const page = await openState(panel, state, docking);
        for (const theme of ['light', 'dark'] as const) {
          await dress(page, theme, docking);
          await page.mouse.move(0, sizes[docking][1] - 1);
          await new Promise((settled) => setTimeout(settled, 150));
          await page.screenshot({ path: `${folder}/${state.name}-${docking}-${theme}.png` });
        }
        await page.close();
      }
    }
  } finally {
    await panel.close();
  }
}

await main(process.argv.slice(2));
