import { describe, expect, it } from 'vitest';
import { findRule } from '../../src/rules/registry.ts';
import { traffic } from '../traffic/traffic.ts';
import { compared, type Stand } from './agreement.ts';
import { disagreements, explanationOf } from './disagreements.ts';
import { plan, type Run } from './plan.ts';

const found = () => traffic().challenge({ scope: 'r' }).prm().asm().reg();
const sound = found().az({ scope: 'r' }).tk().call();
const withoutPkce = found()
  .az({ scope: 'r', omit: ['code_challenge', 'code_challenge_method'] })
  .tk({ form: { code_verifier: null } })
  .call();

function stands(log: typeof sound, ...checks: readonly (readonly [id: string, status: string])[]): readonly Stand[] {
  return compared(
    checks.map(([id, status]) => ({ id, status })),
    log.har(),
  ).map(({ stand }) => stand);
}

describe('a verdict of the suite', () => {
  const pkce = 'pkce-code-challenge-sent';

  it('is agreed with where both pass or both find the fault', () => {
    expect(stands(sound, [pkce, 'SUCCESS'])).toEqual(['agreed']);
    expect(stands(withoutPkce, [pkce, 'FAILURE'])).toEqual(['agreed']);
  });

  it('is contradicted, missed or unknown where they do not', () => {
    expect(stands(withoutPkce, [pkce, 'SUCCESS'])).toEqual(['contradicted']);
    expect(stands(sound, [pkce, 'WARNING'])).toEqual(['missed']);
    expect(stands(sound, ['no-such-check', 'SUCCESS'])).toEqual(['unknown']);
  });

  it('counts by its gravest word, and checks that are one rule count as one', () => {
    expect(stands(withoutPkce, [pkce, 'SUCCESS'], [pkce, 'FAILURE'])).toEqual(['agreed']);
    const names = ['sep-1932-client-fresh-proof', 'sep-1932-client-as-nonce'];
    expect(stands(sound, ...names.map((id) => [id, 'SUCCESS'] as const))).toEqual(['silent']);
    expect(stands(sound, ['incoming-request', 'INFO'], ['wire-schema-valid', 'FAILURE'])).toEqual([]);
  });
});

describe('the list of disagreements', () => {
  const scenarios = new Map(
    [...new Set(disagreements.map(({ scenario }) => scenario))].map((name) => [name, ['2026-07-28']]),
  );
  const runs = plan(scenarios);

  it.each(disagreements)(
    '$check in $scenario is of a run that is played, and of a rule unless it is unknown',
    (known) => {
      const { check, scenario, fault, stand, because } = known;
      const run = runs.find((one): one is Run => one.scenario === scenario && one.fault === (fault ?? 'none'));
      expect(run).toBeDefined();
      if (run) expect(explanationOf(run, { check, status: 'FAILURE', stand, engine: '' })).toBe(known);
      expect(findRule(check) === null).toBe(stand === 'unknown');
      expect(because).toMatch(/\.$/);
    },
  );

  it('explains no other run and no contradiction', () => {
    const run: Run = { scenario: 'scope-step-up', revision: '2026-07-28', sdk: 'v2', fault: 'none' };
    const check = 'scope-step-up-escalation';
    expect(explanationOf(run, { check, status: 'FAILURE', stand: 'missed', engine: '' })).toBeUndefined();
    const faulty: Run = { ...run, fault: 'ignore-403' };
    expect(explanationOf(faulty, { check, status: 'SUCCESS', stand: 'contradicted', engine: '' })).toBeUndefined();
  });
});
