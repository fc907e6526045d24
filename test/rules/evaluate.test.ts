import { describe, expect, test } from 'vitest';
import { evaluate, type LevelOverride } from '../../src/rules/evaluate.ts';
import type { Missing } from '../../src/rules/missing.ts';
import type { Evidence } from '../../src/rules/outcome.ts';
import { defineRule, type Judgement, type Rule } from '../../src/rules/rule.ts';
import { StoryBuilder } from '../../src/story/builder.ts';

const STORY = new StoryBuilder().story();
const SUBJECT = 'https://mcp.example.com/mcp';

function at(entry: number, note = ''): Evidence {
  return { entry, part: 'request.url', note };
}

function judgement(kind: Judgement['kind'], entry: number, more: Partial<Judgement> = {}): Judgement {
  return { kind, subject: SUBJECT, message: `${kind} at ${entry}`, evidence: [at(entry)], ...more };
}

/** A rule that says this of every story. */
function saying(id: string, judgements: readonly Judgement[], more: Partial<Rule> = {}): Rule {
  return defineRule({
    id,
    title: id,
    party: 'client',
    level: 'warning',
    since: null,
    spec: [{ text: 'a section', url: 'https://spec.example/#section' }],
    fix: 'Mend it.',
    judge: () => judgements,
    ...more,
  });
}

function evaluated(rules: readonly Rule[], overrides: Readonly<Record<string, LevelOverride>> = {}) {
  return evaluate(rules, STORY, new Map(Object.entries(overrides)));
}

describe('the order of outcomes', () => {
  test('is by level, then kind, then first entry', () => {
    const rule = saying('a', [
      judgement('pass', 0),
      judgement('notApplicable', 1),
      judgement('open', 2),
      judgement('informational', 3),
      judgement('fail', 9, { level: 'note' }),
      judgement('fail', 8, { level: 'error' }),
      judgement('fail', 7),
      judgement('fail', 6),
    ]);
    const order = evaluated([rule]).map(({ kind, level, evidence }) => `${kind} ${level} ${evidence[0]?.entry}`);
    expect(order).toEqual([
      'fail error 8',
      'fail warning 6',
      'fail warning 7',
      'fail note 9',
      'open none 2',
      'informational none 3',
      'pass none 0',
      'notApplicable none 1',
    ]);
  });

  test('is the same whatever the order of the rules: by id, then subject', () => {
    const a = saying('a', [
      judgement('fail', 1, { subject: 'https://two.example' }),
      judgement('fail', 1, { subject: 'https://one.example' }),
    ]);
    const b = saying('b', [judgement('fail', 1)]);
    const names = (rules: readonly Rule[]) => evaluated(rules).map(({ rule, subject }) => `${rule} ${subject}`);
    expect(names([b, a])).toEqual(['a https://one.example', 'a https://two.example', `b ${SUBJECT}`]);
    expect(names([a, b])).toEqual(names([b, a]));
  });

  test('puts an outcome without evidence last among its like', () => {
    const order = evaluated([saying('a', [judgement('fail', 0, { evidence: [] }), judgement('fail', 5)])]);
    expect(order.map(({ evidence }) => evidence[0]?.entry)).toEqual([5, undefined]);
  });
});

describe('occasions', () => {
  test('a fault repeated on one occasion is one outcome with more evidence, none of it twice', () => {
    const occasion = 'registration 3';
    const twice = [
      judgement('fail', 1, { occasion, evidence: [at(1), at(2)] }),
      judgement('fail', 4, { occasion, evidence: [at(4), at(2)] }),
    ];
    const [outcome, ...others] = evaluated([saying('a', twice)]);
    expect(others).toEqual([]);
    expect(outcome).toMatchObject({ message: 'fail at 1', evidence: [at(1), at(2), at(4)] });
  });

  test('without a name, the first entry is the occasion', () => {
    const rule = saying('a', [
      judgement('fail', 1, { evidence: [at(1), at(2)] }),
      judgement('fail', 1, { evidence: [at(1), at(3)] }),
      judgement('fail', 2),
    ]);
    expect(evaluated([rule]).map(({ evidence }) => evidence.map(({ entry }) => entry))).toEqual([[1, 2, 3], [2]]);
  });

  test('keeps the gravest level of an occasion', () => {
    const one = judgement('fail', 1, { level: 'note', message: 'small' });
    const other = judgement('fail', 1, { level: 'error', message: 'grave', evidence: [at(1), at(2)] });
    for (const order of [
      [one, other],
      [other, one],
    ]) {
      expect(evaluated([saying('a', order)])).toMatchObject([{ level: 'error', message: 'grave' }]);
    }
  });

  test('ten thousand repetitions take no time', () => {
    const many = Array.from({ length: 10_000 }, (_, entry) => judgement('fail', entry, { occasion: 'the same' }));
    const began = performance.now();
    expect(evaluated([saying('a', many)])[0]?.evidence).toHaveLength(10_000);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('different kinds, parties, subjects and rules stay apart', () => {
    const rule = saying('a', [
      judgement('fail', 1),
      judgement('open', 1),
      judgement('fail', 1, { party: 'server' }),
      judgement('fail', 1, { subject: 'https://other.example' }),
    ]);
    expect(evaluated([rule, saying('b', [judgement('fail', 1)])])).toHaveLength(5);
  });
});

describe('levels', () => {
  const rule = saying('a', [judgement('fail', 1), judgement('fail', 2, { level: 'error' }), judgement('pass', 3)], {
    aliases: ['other-name'],
  });
  const levels = (overrides: Readonly<Record<string, LevelOverride>>) =>
    evaluated([rule], overrides).map(({ level }) => level);

  test("a failure has the judgement's level, else the rule's; anything else has none", () => {
    expect(levels({})).toEqual(['error', 'warning', 'none']);
  });

  test('an override replaces the level of failures, and of nothing else', () => {
    expect(levels({ a: 'note' })).toEqual(['note', 'note', 'none']);
    expect(levels({ a: 'error' })).toEqual(['error', 'error', 'none']);
    expect(levels({ unrelated: 'note' })).toEqual(['error', 'warning', 'none']);
  });

  test('an alias serves as well; the id goes first', () => {
    expect(levels({ 'other-name': 'note' })).toEqual(['note', 'note', 'none']);
    expect(levels({ 'other-name': 'note', a: 'error' })).toEqual(['error', 'error', 'none']);
  });

  test('off silences the rule, by id or alias, and does not run it', () => {
    expect(levels({ a: 'off' })).toEqual([]);
    expect(levels({ 'other-name': 'off' })).toEqual([]);
    const dangerous = saying('a', [], {
      judge: () => {
        throw new Error('it ran');
      },
    });
    expect(evaluated([dangerous], { a: 'off' })).toEqual([]);
    expect(evaluated([rule, saying('b', [judgement('fail', 1)])], { a: 'off' }).map((outcome) => outcome.rule)).toEqual(
      ['b'],
    );
  });
});

describe('what an outcome takes from its rule', () => {
  test('party, spec links and fix, unless the judgement has its own', () => {
    const rule = saying('a', [judgement('fail', 1), judgement('fail', 2, { party: 'server', fix: 'Do this.' })]);
    const [plain, own] = evaluated([rule]);
    expect(plain).toMatchObject({ party: 'client', spec: ['https://spec.example/#section'], fix: 'Mend it.' });
    expect(own).toMatchObject({ party: 'server', spec: ['https://spec.example/#section'], fix: 'Do this.' });
  });

  test('missing belongs to open outcomes alone', () => {
    const missing: readonly Missing[] = ['token-response'];
    const [open, pass] = evaluated([
      saying('a', [judgement('open', 1, { missing }), judgement('pass', 2, { missing })]),
    ]);
    expect(open?.missing).toEqual(missing);
    expect(pass && 'missing' in pass).toBe(false);
    expect(evaluated([saying('a', [judgement('open', 1)])])[0]?.missing).toEqual([]);
  });
});
