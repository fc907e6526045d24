import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/report/analyze.ts';
import { rules } from '../../src/rules/registry.ts';
import { expectations, recordings } from './corpus.ts';

const real = recordings('real');
const LEVELS = ['note', 'warning', 'error'];

/** The families that `expect` and `allow` speak of; of other rules they say nothing. */
const SPOKEN_OF = [
  ...['sep-2207-', 'sep-2350-', 'sep-2468-', 'sep-2702-', 'cors-', 'offline-access-', 'step-up-', 'reauth-401-'],
  ...['refresh-5xx-', 'refresh-scope-', 'refresh-single-', 'scope-step-up-', 'scope-retry-', 'challenge-scope-auth'],
];
const isSpokenOf = (rule: string): boolean => SPOKEN_OF.some((family) => rule.startsWith(family));

describe.skipIf(real.length === 0)('recordings of real clients (set MCP_AUTH_CORPUS to their folder)', () => {
  const expected = expectations();
  it.each(real)('$name', ({ name, har }) => {
    const expectation = expected[name];
    if (!expectation) throw new Error(`${name} is not in expected.json`);
    const { outcomes } = analyze(har, { name }).result;
    const fails = outcomes.filter(
      ({ kind, rule }) => kind === 'fail' && !(expectation.corsDisabled && rule.startsWith('cors-')),
    );

    for (const { rule, entry, level } of expectation.expect) {
      const found = fails.filter((outcome) => outcome.rule === rule && outcome.evidence[0]?.entry === entry);
      expect(found, `${rule} at entry ${entry}`).toHaveLength(1);
      if (level) expect(LEVELS.indexOf(found[0]?.level ?? '')).toBeGreaterThanOrEqual(LEVELS.indexOf(level));
    }
    const spokenOf = fails.filter(({ rule }) => isSpokenOf(rule));
    const named = new Set([...expectation.expect.map(({ rule }) => rule), ...expectation.allow]);
    expect(spokenOf.filter(({ rule }) => !named.has(rule)).map(({ rule, message }) => `${rule}: ${message}`)).toEqual(
      [],
    );
    if (expectation.clean) {
      expect(fails.filter(({ party, level }) => party === 'client' && level === 'error')).toEqual([]);
    }
    if (!expectation.mcp) expect(outcomes).toEqual([]);
  });

  it('has every rule judged somewhere, one way or another', () => {
    const judged = new Set(
      real.flatMap(({ name, har }) => analyze(har, { name }).result.outcomes.map(({ rule }) => rule)),
    );
    expect(judged.size).toBeGreaterThan(rules.length / 2);
  });
});
