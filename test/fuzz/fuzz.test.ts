import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHarStream } from '../../src/exchange/har-stream.ts';
import { unpack } from '../../src/exchange/unpack.ts';
import { analyze } from '../../src/report/analyze.ts';
import { analyzeStream } from '../../src/report/analyze-stream.ts';
import { chunksOf } from '../exchange/streams.ts';
import { brokenBytes, brokenLog, brokenText } from './logs.ts';
import { readers } from './readers.ts';
import { reports } from './reports.ts';

/**
 * Hostile input over everything that reads or writes it. `npm run fuzz` gives 100,000 inputs, `-- --runs 5000` so many,
 * `-- --seed 7` the same ones again; `npm test` takes few of them. A seed that ever found something is
 * kept in `seeds.json` and tried first.
 */
const total = Number(process.env.FUZZ_RUNS ?? 1200);
const seed = Number(process.env.FUZZ_SEED ?? 20_261_127);
/** An input that takes this long hangs, milliseconds: the slowest of 100,000 took a hundredth of it. */
const HANG = 20_000;

interface Kept {
  readonly campaign: string;
  readonly seed: number;
  readonly path: string;
}
const kept: readonly Kept[] = JSON.parse(readFileSync(new URL('seeds.json', import.meta.url), 'utf8'));

/** Runs a share of the inputs, those that were kept first. */
async function campaign<T>(
  name: string,
  share: number,
  inputs: fc.Arbitrary<T>,
  attempt: (input: T) => void | Promise<void>,
): Promise<void> {
  let slowest = 0;
  const property = fc.asyncProperty(inputs, async (input) => {
    const start = performance.now();
    await attempt(input);
    slowest = Math.max(slowest, performance.now() - start);
    expect(slowest).toBeLessThan(HANG);
  });
  for (const one of kept.filter((known) => known.campaign === name))
    await fc.assert(property, { seed: one.seed, path: one.path, numRuns: 1, endOnFailure: true });
  const numRuns = Math.ceil(total * share);
  await fc.assert(property, { seed, numRuns });
  process.stdout.write(`fuzz ${name}: ${numRuns} inputs, seed ${seed}, the slowest ${slowest.toFixed(0)} ms\n`);
}

describe('whatever comes in', () => {
  it('is read without a throw', async () => {
    await campaign('readers', 0.4, brokenText, (text) => {
      for (const read of Object.values(readers)) read(text);
    });
  });

  it('is told and judged, with evidence that is there', async () => {
    await campaign('story', 0.35, brokenLog, (log) => {
      const { result, exchanges } = analyze(log, { name: 'fuzz' });
      expect(result.source.entries).toBe(exchanges.length);
      for (const { kind, evidence, missing } of result.outcomes) {
        if (kind === 'open') expect(missing?.length).toBeGreaterThan(0);
        for (const { entry, range } of evidence) {
          expect(exchanges[entry]).toBeDefined();
          if (range) expect(range[0]).toBeLessThanOrEqual(range[1]);
        }
      }
    });
  });

  it('is read from damaged bytes as far as they go, as the whole is where they are whole', async () => {
    await campaign('stream', 0.2, brokenBytes, async (bytes) => {
      const size = 1 + (bytes.length % 997);
      const streamed = await analyzeStream(unpack(chunksOf(bytes, size)), { name: 'fuzz' });
      await readHarStream(chunksOf(bytes, size), { keep: 'all' });
      const whole = parsed(bytes);
      if (whole !== undefined && isOnce(bytes))
        expect(streamed.result.outcomes).toEqual(analyze(whole, { name: 'fuzz' }).result.outcomes);
    });
  });

  it('comes out as text: no markup, no control character, no stack', async () => {
    await campaign('reports', 0.05, brokenLog, async (log) => {
      const analysis = analyze(log, { name: 'fuzz' });
      for (const [name, { write, checks }] of Object.entries(reports)) {
        const text = await write(analysis);
        try {
          for (const check of checks) check(text);
        } catch (error) {
          throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
        }
      }
    });
  });
});

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Damage may make two members of one name, of which a stream cannot know in time that the second counts. */
function isOnce(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes).split('"entries"').length === 2;
}
