import { afterAll, describe, expect, test } from 'vitest';
import { alteredBy } from './compare.ts';
import { faults } from './faults/index.ts';
import { harmless } from './harmless.ts';
import { plantIn } from './plant.ts';
import { recordings, session } from './sources.ts';

/**
 * Faults planted in sound logs are found, at the culprit, and nothing else is; what harms nothing alters no verdict.
 * `npm run mutation` takes 160 generated sessions (2,080 changed logs) and prints the table; `npm test` takes few.
 */
const count = Number(process.env.MUTATION_SESSIONS ?? 8);
const sources = [...Array.from({ length: count }, (_, seed) => session(seed)), ...recordings()];
const rows: string[] = [];
let planted = 0;
let found = 0;

afterAll(() => {
  if (process.env.MUTATION_SESSIONS === undefined) return;
  process.stdout.write(`${rows.join('\n')}\n${found} of ${planted} planted faults were found at the culprit\n`);
});

describe('a planted fault is found at the culprit, and nothing else', () => {
  test.each(faults.map((fault) => [fault.kind, fault] as const))('%s', (kind, fault) => {
    const all = sources.flatMap((clean) => plantIn(clean, fault) ?? []);
    const hits = all.filter(({ state }) => state === 'found');
    planted += all.length;
    found += hits.length;
    rows.push(`${String(hits.length).padStart(4)} of ${String(all.length).padStart(4)}  ${fault.rules[0]}: ${kind}`);
    expect(all.length, 'no log has a place for it').toBeGreaterThan(0);
    const wrong = all
      .filter(({ state, strangers }) => state !== 'found' || strangers.length > 0)
      .map(({ log, culprit, state, strangers, said }) => ({ log, culprit, state, strangers, said }));
    expect(wrong).toEqual([]);
  });
});

describe('a harmless change alters no verdict', () => {
  test.each(harmless.map((change) => [change.kind, change] as const))('%s', (kind, change) => {
    const altered = sources.flatMap((clean, index) =>
      alteredBy(clean, change, index * 31 + 7).map((what) => `${clean.name}: ${what}`),
    );
    rows.push(`${String(sources.length).padStart(4)} logs  ${kind}: ${altered.length} altered`);
    expect(altered).toEqual([]);
  });
});
