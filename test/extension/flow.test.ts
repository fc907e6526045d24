import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importText, openSample, type PanelPage, startPanelPage } from './panel-page.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await startPanelPage();
}, 120_000);
afterAll(() => panel?.close());

async function objections(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  });
}

interface Entry {
  readonly request: { readonly url: string; readonly method: string };
  readonly [member: string]: unknown;
}
const sample = readFileSync(new URL('../../src/extension/panel/sample/session.json', import.meta.url), 'utf8');
const log = (entries: readonly unknown[]): string => JSON.stringify({ log: { version: '1.2', entries } });
const entriesOf = (json: string): readonly Entry[] => JSON.parse(json).log.entries;

/** The sample session, its event streams still open, its authorization requests made in a popup. */
function unfinished(): string {
  return log(
    entriesOf(sample).map((entry) => {
      const { url, method } = entry.request;
      if (url.includes('response_type=')) return { ...entry, _context: 'popup' };
      return method === 'POST' && url.endsWith('/mcp')
        ? { ...entry, _context: 'shared-worker', _pending: true }
        : entry;
    }),
  );
}

/** The sample session with one server, and the same with another, at once. */
function twoServers(): string {
  const other = sample
    .replaceAll(/127\.0\.0\.1:\d+/g, (host) => `other-${host.slice(host.indexOf(':') + 1)}.example`)
    .replaceAll('eyJ', 'eyJ0');
  return log([...entriesOf(sample), ...entriesOf(other)]);
}

describe.each(['light', 'dark'] as const)('axe-core finds nothing in the flow, %s,', (theme) => {
  test.each([
    ['of open streams and popups', unfinished],
    ['of two servers', twoServers],
  ])('%s', async (_name, har) => {
    const page = await panel.open(theme, 'bottom');
    await importText(page, 'flow.har', har());
    expect(await objections(page)).toEqual([]);
    await page.close();
  });
});

test('an open exchange says for how long, and what ran elsewhere says where', async () => {
  const page = await panel.open();
  await importText(page, 'open.har', unfinished());
  const open = await page.$$eval('.took.open', (cells) => cells.map((cell) => cell.textContent ?? ''));
  expect(open.length).toBeGreaterThan(0);
  for (const text of open) expect(text).toMatch(/open for \d/);
  const places = await page.$$eval('.ran-in', (tags) => tags.map((tag) => tag.textContent));
  expect(new Set(places)).toEqual(new Set(['popup', 'shared worker']));
  await page.close();
});

test('each server and issuer has a lane of its own', async () => {
  const page = await panel.open();
  await importText(page, 'two.har', twoServers());
  const titles = await page.$$eval('.lane-heads title', (heads) => heads.map((head) => head.textContent ?? ''));
  expect(titles.filter((title) => title.startsWith('MCP server'))).toHaveLength(2);
  expect(new Set(titles).size).toBe(titles.length);
  await page.close();
});

test('the divider moves by drag and by key, is remembered, and goes back by a double click', async () => {
  const page = await panel.open();
  await openSample(page);
  const width = (): Promise<number> => page.$eval('.flow', (flow) => flow.getBoundingClientRect().width);
  const before = await width();
  const line = await page.$('[role=separator]');
  const box = await line?.boundingBox();
  if (!line || !box) throw new Error('no divider');
  await page.mouse.move(box.x, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(500, box.y + 50, { steps: 4 });
  await page.mouse.up();
  expect(Math.abs((await width()) - 500)).toBeLessThan(3);
  await line.focus();
  await page.keyboard.press('ArrowRight');
  expect(await width()).toBeGreaterThan(515);
  const kept = await width();
  await page.reload();
  await openSample(page);
  expect(Math.abs((await width()) - kept)).toBeLessThan(2);
  await page.click('[role=separator]', { count: 2 });
  expect(Math.abs((await width()) - before)).toBeLessThan(2);
  await page.close();
});

test.each([
  [480, 320],
  [2560, 1440],
] as const)('at %i by %i nothing spills, and rows can be read', async (width, height) => {
  const page = await panel.open();
  await page.setViewport({ width, height });
  await openSample(page);
  const boxes = await page.$$eval('.toolbar, .strip, .flow, .detail, .statusbar', (parts) =>
    parts.map((part) => {
      const { left, right, bottom, height: tall } = part.getBoundingClientRect();
      return { left, right, bottom, tall };
    }),
  );
  expect(boxes).toHaveLength(5);
  for (const box of boxes) {
    expect(box.left).toBeGreaterThanOrEqual(0);
    expect(box.right).toBeLessThanOrEqual(width);
    expect(box.bottom).toBeLessThanOrEqual(height);
    expect(box.tall).toBeGreaterThan(15);
  }
  expect(await page.$eval('.lines', (lines) => lines.clientHeight)).toBeGreaterThan(40);
  await page.close();
});
