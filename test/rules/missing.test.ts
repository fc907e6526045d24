import { describe, expect, test } from 'vitest';
import { type Missing, missingSignal, missingSignals } from '../../src/rules/missing.ts';
import { traffic } from '../traffic/traffic.ts';
import { outcomes } from '../traffic/verdicts.ts';

const ids = Object.keys(missingSignals) as Missing[];

describe('what an open outcome may miss', () => {
  test.each(ids)('%s is named in words, and says what would lift it', (id) => {
    const { words, lifts } = missingSignals[id];
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    for (const text of [words, lifts]) expect(text).toMatch(/^\S.*[^\s.]$/);
  });

  test('gives nothing for an id of another version, or of an object', () => {
    expect(missingSignal('no-such-signal')).toBeNull();
    expect(missingSignal('toString')).toBeNull();
    expect(missingSignal('__proto__')).toBeNull();
  });

  test('names at least one signal in every open outcome of a log that begins in the middle', () => {
    const log = traffic();
    log.az({ scope: 'search' });
    log.tk({ scope: 'search' });
    log.call('search');
    const open = outcomes(log).filter(({ kind }) => kind === 'open');
    expect(open.length).toBeGreaterThan(0);
    for (const { missing = [] } of open) {
      expect(missing.length).toBeGreaterThan(0);
      for (const id of missing) expect(missingSignal(id)).not.toBeNull();
    }
  });
});
