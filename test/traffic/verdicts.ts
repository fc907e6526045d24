import { expect } from 'vitest';
import { analyze, Session } from '../../src/report/analyze.ts';
import { redact } from '../../src/report/redaction/redact.ts';
import { structureOf } from '../../src/report/share.ts';
import type { Outcome } from '../../src/rules/outcome.ts';
import type { Traffic } from './traffic.ts';

/** All outcomes of a log; every log that a test judges must be judged alike when it is redacted, and when it was judged before as it grew. */
export function outcomes(log: Traffic): readonly Outcome[] {
  const document = log.har();
  const analysis = analyze(document, { name: 'traffic' });
  const key = JSON.stringify(document);
  if (!lawful.has(key)) {
    lawful.add(key);
    const copy = analyze({ log: redact(analysis).log }, { name: 'traffic' });
    const isSpelled = ({ rule }: Outcome): boolean => rule in spelling;
    const [one, other] = [analysis, copy].map(({ result }) =>
      structureOf({ ...result, outcomes: result.outcomes.filter((outcome) => !isSpelled(outcome)) }),
    );
    expect(other, 'the redacted log is judged otherwise').toEqual(one);
    const faults = ({ result }: typeof analysis) =>
      structureOf({ ...result, outcomes: result.outcomes.filter((by) => by.kind === 'fail' && isSpelled(by)) });
    expect(faults(analysis), 'the redacted log has a fault of its own').toEqual(
      expect.arrayContaining([...faults(copy)]),
    );
    expect(grown(document.log.entries), 'the log is judged otherwise as it grows').toEqual(analysis.result.outcomes);
  }
  return analysis.result.outcomes;
}

/** The outcomes of a session that was judged now and then while its entries came, and kept slim what seemed not to matter. */
function grown(entries: readonly unknown[]): readonly Outcome[] {
  const session = new Session({ name: 'traffic', keep: 'story' });
  for (const [index, entry] of entries.entries()) {
    session.add(entry);
    if (index % Math.ceil(entries.length / 3) === 0) session.analysis();
  }
  return session.analysis().result.outcomes;
}

/**
 * Rules that judge how a secret is spelled, which an alias does not carry in every case: the copy may show less than
 * the original, whose outcomes a report then keeps, and never a fault that the original does not have. No other rule
 * may be added here.
 */
const spelling: Readonly<Record<string, string>> = {
  'bearer-header-used': 'what stands beside the token in the header (`Bearer Bearer ...`) becomes part of one alias',
  'invalid-bearer-token': 'a token cut, quoted or encoded is another word, and so another alias',
  'token-endpoint-single-auth-method': 'a secret with a sign that wants encoding has an alias without any',
  'token-to-non-mcp-origin': 'a token of less than 16 characters is not looked for, its alias is',
};

/** Logs for which the law has been shown. */
const lawful = new Set<string>();

/**
 * The verdicts of one rule, in order of the entries they rest on: `pass`, `error`, `warning`,
 * `note` (failures by level), `open`, `informational`, `notApplicable`.
 */
export function verdicts(log: Traffic, rule: string): readonly string[] {
  return outcomes(log)
    .filter((outcome) => outcome.rule === rule)
    .toSorted((one, other) => (one.evidence[0]?.entry ?? 0) - (other.evidence[0]?.entry ?? 0))
    .map(({ kind, level }) => (kind === 'fail' ? level : kind));
}

/** `rule level` of every failure. */
export function failures(log: Traffic): readonly string[] {
  return outcomes(log)
    .filter(({ kind }) => kind === 'fail')
    .map(({ rule, level }) => `${rule} ${level}`);
}
