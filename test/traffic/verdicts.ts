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
    const [one, other] = [analysis, copy].map(({ result }) =>
      structureOf({ ...result, outcomes: result.outcomes.filter(({ rule }) => !spelling.has(rule)) }),
    );
    expect(other, 'the redacted log is judged otherwise').toEqual(one);
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
 * Rules that judge how a secret is spelled (its length, its encoding, a word in its place), which an alias
 * does not carry in every case: a report then keeps the original's outcomes. No other rule may be added here.
 */
const spelling: ReadonlySet<string> = new Set([
  'as-pkce-enforced',
  'bearer-header-used',
  'invalid-bearer-token',
  'pkce-verifier-matches-challenge',
  'token-endpoint-single-auth-method',
  'token-in-query',
  'token-to-non-mcp-origin',
]);

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
