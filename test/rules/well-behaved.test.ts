import { expect, test } from 'vitest';
import { outcomes } from '../traffic/verdicts.ts';
import { WellBehaved } from './well-behaved.ts';

const seeds = Array.from({ length: Number(process.env.WELL_BEHAVED_SESSIONS ?? 60) }, (_, seed) => seed);

test.each(seeds)('a client that does everything right is blamed for nothing: session %i', (seed) => {
  const blamed = outcomes(new WellBehaved(seed).live(6 + (seed % 12))).filter(
    ({ kind, party, level }) => kind === 'fail' && party === 'client' && level !== 'note',
  );
  expect(blamed.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
});
