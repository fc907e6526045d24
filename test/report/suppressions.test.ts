import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/report/analyze.ts';
import { annotatedHar } from '../../src/report/har.ts';
import { htmlReport } from '../../src/report/html/report.ts';
import { redactedResult, resultJson } from '../../src/report/json.ts';
import { junitReport } from '../../src/report/junit.ts';
import { markdownReport } from '../../src/report/markdown/report.ts';
import { ndjsonLine } from '../../src/report/ndjson.ts';
import { defaultRedaction } from '../../src/report/redaction/redact.ts';
import { sarifReport } from '../../src/report/sarif/report.ts';
import { originOf, type Suppression, suppress } from '../../src/report/suppressions.ts';
import { verdicts } from '../../src/report/verdicts.ts';
import { stepUp } from '../cli/fixtures.ts';
import { har } from './hars.ts';

const session = analyze(har(stepUp('files:other')), { name: 'session.har' });
const fault = session.result.outcomes.find(({ kind }) => kind === 'fail');
const rule = fault?.rule ?? '';
const origin = originOf({ subject: fault?.subject ?? '' });
const rulesOf = (suppressions: readonly Suppression[]) =>
  suppress(session, suppressions).result.outcomes.map((outcome) => outcome.rule);

describe('a suppressed rule', () => {
  it('leaves the result and its counts, and is kept beside it', () => {
    const left = suppress(session, [{ rule, origin: null }]);
    expect(rule).not.toBe('');
    expect(left.result.outcomes.some((outcome) => outcome.rule === rule)).toBe(false);
    expect(left.suppressed?.outcomes).toEqual(session.result.outcomes.filter((outcome) => outcome.rule === rule));
    const faults = (of: typeof session) => Object.values(of.result.summary.fail).reduce((sum, next) => sum + next, 0);
    const gone = left.suppressed?.outcomes.filter(({ kind }) => kind === 'fail').length ?? 0;
    expect(gone).toBeGreaterThan(0);
    expect(faults(left)).toBe(faults(session) - gone);
  });

  it('is as if it were off', () => {
    const off = analyze(har(stepUp('files:other')), { name: 'session.har', ruleLevels: new Map([[rule, 'off']]) });
    expect(suppress(session, [{ rule, origin: null }]).result).toEqual(off.result);
  });

  it('at one origin stays at others', () => {
    expect(rulesOf([{ rule, origin }])).not.toContain(rule);
    expect(rulesOf([{ rule, origin: 'https://other.example' }])).toContain(rule);
    expect(rulesOf([{ rule: 'no-such-rule', origin: null }])).toEqual(session.result.outcomes.map((one) => one.rule));
  });

  it('leaves every export, and all else keeps its ranges', async () => {
    const left = suppress(session, [{ rule, origin }]);
    const result = redactedResult(left, defaultRedaction);
    const log = JSON.parse(await sarifReport([{ analysis: left, folder: '', regions: [] }]));
    const texts = {
      har: annotatedHar(left),
      json: resultJson([result]),
      html: htmlReport(left),
      markdown: markdownReport(left),
      junit: junitReport([left]),
      ndjson: ndjsonLine(result),
      sarif: JSON.stringify(log.runs[0].results),
    };
    for (const text of Object.values(texts)) expect(text).not.toContain(rule);
    expect(result.outcomes).toHaveLength(left.result.outcomes.length);
    expect(result.outcomes.some(({ evidence }) => evidence.some(({ range }) => range !== undefined))).toBe(true);
  });

  it('is not silent: its question says that it was suppressed, in every report', () => {
    const asked = verdicts(session.result).find(({ state }) => state === 'fail');
    const mine = session.result.outcomes.filter((_, at) => asked?.outcomes.includes(at));
    const left = suppress(
      session,
      mine.map((outcome) => ({ rule: outcome.rule, origin: null })),
    );
    const answer = verdicts(left.result, left.suppressed?.outcomes).find(({ id }) => id === asked?.id);
    expect(answer).toMatchObject({ state: 'none', phrase: expect.stringMatching(/^\d+ findings? suppressed$/) });
    for (const text of [htmlReport(left), markdownReport(left)]) expect(text).toContain(answer?.phrase);
  });
});
