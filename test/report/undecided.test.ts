import { describe, expect, it } from 'vitest';
import { textReport } from '../../src/cli/text-report.ts';
import { analyze } from '../../src/report/analyze.ts';
import { htmlReport } from '../../src/report/html/report.ts';
import { redactedResult } from '../../src/report/json.ts';
import { junitReport } from '../../src/report/junit.ts';
import { markdownReport } from '../../src/report/markdown/report.ts';
import { defaultRedaction } from '../../src/report/redaction/redact.ts';
import { liftingInWords, missingInWords, undecidedByLift } from '../../src/report/undecided.ts';
import { missingSignals } from '../../src/rules/missing.ts';
import { har, plain, signIn } from './hars.ts';

describe('what is missing, in words', () => {
  it('says each once, and an id that nobody knows as it is written', () => {
    const open = [{ missing: ['challenge', 'a-later-id'] }, { missing: ['challenge', 'state'] }];
    expect(missingInWords(open)).toEqual([missingSignals.challenge.words, 'a later id', missingSignals.state.words]);
    expect(liftingInWords(open)).toEqual([missingSignals.challenge.lifts, missingSignals.state.lifts]);
    expect(missingInWords([{}])).toEqual([]);
  });
});

describe('every report of a recording that begins in the middle', () => {
  // Without the discovery and the registration.
  const analysis = analyze(har(signIn(plain).slice(4)), { name: 'late.har' });
  const groups = [...undecidedByLift(analysis.result.outcomes)].filter(([lift]) => lift !== '');
  const flat = (text: string): string => text.replaceAll(/\\|&[a-z#0-9]+;|\s+/g, ' ').replaceAll('’', ' ');

  it('has something undecided', () => expect(groups.length).toBeGreaterThan(1));

  const reports = {
    text: () => textReport(redactedResult(analysis, defaultRedaction), { color: false, width: 400 }),
    HTML: () => htmlReport(analysis),
    Markdown: () => markdownReport(analysis),
    JUnit: () => junitReport([analysis]),
  };
  it.each(Object.entries(reports))('%s names what was not seen and what would decide it', async (name, write) => {
    const text = flat(await write());
    for (const [lift, rules] of groups) {
      // A JUnit file tells the first open outcome of each rule, and none of a rule that failed elsewhere.
      const told = name === 'JUnit' ? rules.filter(({ rule }) => !hasFault(rule)) : rules;
      for (const { outcomes } of told) {
        const first = name === 'JUnit' ? outcomes.slice(0, 1) : outcomes;
        for (const words of missingInWords(first)) expect(text).toContain(flat(words));
        for (const words of liftingInWords(first)) expect(text).toContain(flat(words));
      }
      expect(lift).not.toBe('');
    }
  });

  function hasFault(rule: string): boolean {
    return analysis.result.outcomes.some((one) => one.rule === rule && (one.kind === 'fail' || one.kind === 'pass'));
  }
});
