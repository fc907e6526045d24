import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockings, dress, objections, type PanelPage, startPanelPage } from '../panel-page.ts';
import { openState, states } from './states.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await startPanelPage();
}, 240_000);
afterAll(() => panel?.close());

describe('axe-core finds nothing, light and dark, at the bottom and at the right:', () => {
  test.each(states.map((state) => [state.name, state] as const))('%s', async (_name, state) => {
    for (const docking of dockings) {
      const page = await openState(panel, state, docking);
      for (const theme of ['light', 'dark'] as const) {
        await dress(page, theme, docking);
        expect(await objections(page), `${docking}, ${theme}`).toEqual([]);
      }
      await page.close();
    }
  });
});
