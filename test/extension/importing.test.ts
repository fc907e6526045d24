import { afterAll, beforeAll, expect, test } from 'vitest';
import { har } from '../report/hars.ts';
import { type PanelPage, startPanelPage, textOf } from './panel-page.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await startPanelPage();
}, 240_000);
afterAll(() => panel?.close());

/** Entries enough to be judged in several parts, one of which stops the reading as it is told. */
const entries = Array.from({ length: 7_000 }, (_, at) => ({
  method: 'POST',
  url: 'https://mcp.example.com/mcp',
  body: JSON.stringify({ jsonrpc: '2.0', id: at, method: 'tools/call', params: { name: 'echo', arguments: {} } }),
  content: JSON.stringify({ jsonrpc: '2.0', id: at, result: { content: [] } }),
}));

test.each([
  ['while it is read', 0.2],
  ['while it is judged', 0.85],
])('a recording is given up %s: nothing of it stays', async (_when, share) => {
  const page = await panel.openLive();
  await page.waitForFunction(() => window.live !== undefined);
  await page.evaluate(
    (text, from) => {
      const { store } = window.live;
      store.progress.subscribe((shown) => {
        if (shown !== null && (shown.part ?? -1) >= from) shown.cancel();
      });
      void store.open([new File([text], 'long.har')]);
    },
    JSON.stringify(har(entries)),
    share,
  );
  await page.waitForSelector('.progress', { hidden: true });
  await new Promise((later) => setTimeout(later, 500));
  expect(await page.$('.progress')).toBeNull();
  expect(await page.evaluate(() => window.live.store.files.value.length)).toBe(0);
  expect(await textOf(page, '.content, .empty')).toContain('Watching this tab');
  await page.close();
});
