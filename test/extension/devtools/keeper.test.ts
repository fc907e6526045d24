import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Json } from '../../../src/capture/har-json.ts';
import { Keeper } from '../../../src/extension/devtools/keeper.ts';
import type { SessionArea } from '../../../src/extension/session-area.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The browser's memory, which takes so long to write, milliseconds, and refuses while it is full. */
class Area implements SessionArea {
  readonly items = new Map<string, unknown>();
  writes = 0;
  isFull = false;

  constructor(readonly delay = 0) {}

  async get(keys: string | string[] | null): Promise<{ readonly [key: string]: unknown }> {
    const wanted = keys === null ? [...this.items.keys()] : [keys].flat();
    return Object.fromEntries(wanted.flatMap((key) => (this.items.has(key) ? [[key, this.items.get(key)]] : [])));
  }

  async set(items: { readonly [key: string]: unknown }): Promise<void> {
    await new Promise((done) => setTimeout(done, this.delay));
    this.writes += 1;
    if (this.isFull) throw new Error('QUOTA_BYTES quota exceeded');
    for (const [key, value] of Object.entries(items)) this.items.set(key, structuredClone(value));
  }

  async remove(keys: string | string[]): Promise<void> {
    for (const key of [keys].flat()) this.items.delete(key);
  }
}

const call = (id: number): Json => ({
  startedDateTime: '2026-01-01T00:00:00.000Z',
  request: {
    method: 'POST',
    url: 'https://mcp.example/mcp',
    headers: [],
    postData: { mimeType: 'application/json', text: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/list' }) },
  },
  response: { status: 200, headers: [], content: {} },
});

function keeperOf(area: Area): Keeper {
  const keeper = new Keeper(
    area,
    7,
    () => 1,
    (deed) => deed(),
  );
  keeper.permit(true);
  return keeper;
}

const kept = async (area: Area) => (await keeperOf(area).load())?.entries.length ?? 0;

test('keeps what a later one loads', async () => {
  const area = new Area();
  const keeper = keeperOf(area);
  keeper.put(0, call(0));
  keeper.put(1, call(1));
  await vi.advanceTimersByTimeAsync(200);
  expect(area.writes).toBe(1);
  expect(await kept(area)).toBe(2);
});

test('goes on when the browser refused to write', async () => {
  const area = new Area();
  const keeper = keeperOf(area);
  area.isFull = true;
  keeper.put(0, call(0));
  await vi.advanceTimersByTimeAsync(500);
  expect(area.writes).toBe(1);
  area.isFull = false;
  keeper.put(1, call(1));
  await vi.advanceTimersByTimeAsync(500);
  expect(await kept(area)).toBe(1);
});

test('writes less often where writing takes long', async () => {
  const written = async (delay: number): Promise<number> => {
    const area = new Area(delay);
    const keeper = keeperOf(area);
    for (let at = 0; at < 100; at += 1) {
      keeper.put(at, call(at));
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await kept(area)).toBe(100);
    return area.writes;
  };
  expect(await written(1)).toBeGreaterThan(40);
  expect(await written(60)).toBeLessThan(12);
});
