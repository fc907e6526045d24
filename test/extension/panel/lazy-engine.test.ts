import { expect, test } from 'vitest';
import { engine } from '../../../src/extension/panel/engine.ts';
import { lazyEngine } from '../../../src/extension/panel/lazy-engine.ts';
import { longSession } from '../../bench/session.ts';

const entries = longSession(20);

test('the engine is loaded by the first exchange, and none is lost while it comes', async () => {
  let loads = 0;
  let come = (): void => {};
  const there = new Promise<void>((resolve) => {
    come = resolve;
  });
  const lazy = lazyEngine(async () => {
    loads += 1;
    await there;
    return engine;
  });
  let loaded = (): void => {};
  const isLoaded = new Promise<void>((resolve) => {
    loaded = resolve;
  });
  const live = lazy.live('live', () => loaded());
  live.clear();
  expect(live.analysis()).toBeNull();
  expect(loads).toBe(0);
  live.add('of a recording that is cleared');
  live.clear();
  for (const entry of entries) live.add(entry);
  expect(live.analysis()).toBeNull();
  expect(lazy.rule('code-leaked')).toBeNull();
  come();
  await isLoaded;
  expect(live.analysis()?.exchanges).toHaveLength(entries.length);
  live.add(entries[0]);
  expect(live.analysis()?.exchanges).toHaveLength(entries.length + 1);
  live.clear();
  expect(live.analysis()?.exchanges).toEqual([]);
  expect(loads).toBe(1);
  expect(lazy.rule('code-leaked')?.id).toBe('code-leaked');
  expect(await lazy.rulePage('code-leaked')).toContain('#');
});
