import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/report/analyze.ts';
import type { Result } from '../../src/report/result.ts';
import { verdicts } from '../../src/report/verdicts.ts';
import { count, duration } from '../../src/report/words.ts';
import type { Outcome } from '../../src/rules/outcome.ts';
import { har } from './hars.ts';

const empty = analyze({ log: { version: '1.2', entries: [] } }, { name: 'empty' }).result;

const someServer = {
  url: 'https://s/mcp',
  specVersion: null,
  specVersionFrom: 'unknown',
  issuers: [],
  calls: 1,
} as const;

function outcome(rule: string, kind: Outcome['kind'], more: Partial<Outcome> = {}): Outcome {
  const level = kind === 'fail' ? 'warning' : 'none';
  return {
    rule,
    kind,
    level,
    party: 'client',
    subject: 'https://s/mcp',
    message: `${rule} ${kind}.`,
    evidence: [],
    spec: [],
    fix: '',
    ...more,
  };
}

function resultOf(outcomes: readonly Outcome[], story: Partial<Result['story']> = {}): Result {
  const of = (kind: Outcome['kind'], level?: string) =>
    outcomes.filter((one) => one.kind === kind && (level === undefined || one.level === level)).length;
  return {
    ...empty,
    source: { ...empty.source, entries: 9 },
    story: { ...empty.story, servers: [someServer], ...story },
    outcomes,
    summary: {
      fail: { error: of('fail', 'error'), warning: of('fail', 'warning'), note: of('fail', 'note') },
      pass: of('pass'),
      open: of('open'),
      informational: of('informational'),
      notApplicable: of('notApplicable'),
    },
  };
}

function cell(result: Result, id: string) {
  const found = verdicts(result).find((verdict) => verdict.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

describe('verdicts', () => {
  it('says before there is anything what to do', () => {
    expect(verdicts(empty).map(({ id, state }) => [id, state])).toEqual([
      ['refresh-token', 'none'],
      ['scopes-accumulate', 'none'],
      ['silent-refresh', 'none'],
      ['all-checks', 'none'],
    ]);
    for (const verdict of verdicts(empty)) {
      expect(verdict.phrase).toBe('nothing recorded yet');
      expect(verdict.detail).toContain('Reload the page');
    }
    const other = analyze(har([{ url: 'https://news.example.net/' }]), { name: 'x' }).result;
    expect(cell(other, 'refresh-token').phrase).toBe('no MCP traffic yet');
  });

  it('lets the gravest fault speak and counts its occasions', () => {
    const rule = 'sep-2207-offline-access-requested';
    const result = resultOf([
      outcome(rule, 'fail', { level: 'note' }),
      outcome(rule, 'fail', { message: 'Signed out.' }),
      outcome(rule, 'pass'),
    ]);
    const verdict = cell(result, 'refresh-token');
    expect(verdict).toMatchObject({
      state: 'fail',
      level: 'warning',
      phrase: 'offline_access not requested at 2 of 3 sign-ins',
      detail: 'Signed out.',
    });
    expect(verdict.outcomes).toEqual([0, 1, 2]);
  });

  it('does not count a server against the question whether the client asked', () => {
    const result = resultOf([outcome('sep-2207-prm-no-offline-access', 'fail', { party: 'server' })]);
    expect(cell(result, 'refresh-token').state).toBe('none');
    expect(cell(result, 'all-checks')).toMatchObject({
      state: 'fail',
      phrase: '1 warning, 0 pass, 0 open',
      detail: 'At fault: MCP server 1.',
    });
  });

  it('names the scopes that a step-up lost', () => {
    const grant = (id: string, scopes: string[], authorize: number) =>
      ({
        id,
        server: 's',
        issuer: 'i',
        clientId: 'c',
        cause: 'step-up',
        requested: scopes,
        granted: scopes,
        refreshToken: false,
        entries: { authorize, callback: null, token: null, refreshes: [] },
      }) as const;
    const fault = outcome('sep-2350-scope-union-on-reauth', 'fail', {
      evidence: [{ entry: 5, part: 'request.url', note: '' }],
    });
    const result = resultOf([fault], {
      grants: [grant('g1', ['files:read', 'openid'], 1), grant('g2', ['files:write'], 5)],
    });
    expect(cell(result, 'scopes-accumulate').phrase).toBe('lost files:read at the step-up');
  });

  it('counts silent refreshes and their time', () => {
    const recovery = (how: 'silent-refresh' | 'sign-in', ms: number) =>
      ({ entry: 1, status: 401, how, ms, entries: [1] }) as const;
    const result = resultOf([outcome('sep-2702-silent-refresh', 'pass')], {
      recoveries: [recovery('silent-refresh', 182), recovery('silent-refresh', 100), recovery('silent-refresh', 400)],
    });
    expect(cell(result, 'silent-refresh')).toMatchObject({ state: 'pass', phrase: '3 of 3, 182 ms median' });
  });

  it('is open, never a pass, when the deciding thing was not seen', () => {
    const result = resultOf([outcome('sep-2702-silent-refresh', 'open', { missing: ['token-response'] })]);
    expect(cell(result, 'silent-refresh')).toMatchObject({
      state: 'open',
      phrase: 'cannot tell; not seen: the token response',
    });
  });

  it('counts and times in words', () => {
    expect([count(1, 'error'), count(2, 'refresh', 'refreshes')]).toEqual(['1 error', '2 refreshes']);
    expect([182, 1400, 720_000, 3 * 3_600_000, 5 * 86_400_000, Number.NaN].map(duration)).toEqual([
      '182 ms',
      '1.4 s',
      '12 min',
      '3 h',
      '5 days',
      'unknown time',
    ]);
  });
});
