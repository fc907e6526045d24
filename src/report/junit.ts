import { findRule } from '../rules/registry.ts';
import type { Analysis } from './analysis.ts';
import { partName } from './evidence.ts';
import { counts, type Threshold } from './marks.ts';
import type { Result, ResultOutcome } from './result.ts';
import { defaultExport, type ExportOptions, shareable } from './share.ts';
import { shorten, visibleLine } from './text.ts';
import { liftingInWords, missingInWords } from './undecided.ts';
import { count, partyNames } from './words.ts';
import { type Element, element, xmlDocument } from './xml.ts';

/** Every fault counts, whoever is to blame. */
const everyFault: Threshold = { failOn: 'note', party: 'all' };

/**
 * JUnit XML as build servers read it: one suite for each server of each input, one case for each rule.
 * Faults that count by the threshold are failures; other faults and what could not be decided are skipped cases.
 */
export function junitReport(
  analyses: readonly Analysis[],
  options: ExportOptions = defaultExport,
  threshold: Threshold = everyFault,
): string {
  return junitOf(
    analyses.map((analysis) => shareable(analysis, options).result),
    threshold,
  );
}

/** The same, of results that are redacted already. */
export function junitOf(results: readonly Result[], threshold: Threshold = everyFault): string {
  const suites = results.flatMap((result) => suitesOf(result, threshold));
  const total = (name: 'tests' | 'failures' | 'skipped'): number =>
    suites.reduce((sum, suite) => sum + Number(suite.attributes[name] ?? 0), 0);
  return xmlDocument(
    element(
      'testsuites',
      { name: 'mcp-auth-inspector', tests: total('tests'), failures: total('failures'), errors: 0, time: 0 },
      suites,
    ),
  );
}

function suitesOf(result: Result, threshold: Threshold): readonly Element[] {
  const bySubject = new Map<string, Map<string, ResultOutcome[]>>();
  for (const outcome of result.outcomes) {
    if (outcome.kind === 'notApplicable') continue;
    const rules = bySubject.get(outcome.subject) ?? new Map<string, ResultOutcome[]>();
    bySubject.set(outcome.subject, rules);
    const known = rules.get(outcome.rule);
    if (known === undefined) rules.set(outcome.rule, [outcome]);
    else known.push(outcome);
  }
  const { source } = result;
  return [...bySubject].sort(byKey).map(([subject, rules], id) => {
    const cases = [...rules].sort(byKey).map(([rule, outcomes]) => testCase(subject, rule, outcomes, threshold));
    const holding = (name: string): number =>
      cases.filter(({ children }) => children.some((child) => typeof child !== 'string' && child.name === name)).length;
    return element(
      'testsuite',
      {
        name: `${source.name}: ${subject}`,
        id,
        tests: cases.length,
        failures: holding('failure'),
        errors: 0,
        skipped: holding('skipped'),
        time: 0,
        ...(source.firstStarted === null ? {} : { timestamp: source.firstStarted.slice(0, 19) }),
      },
      cases,
    );
  });
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** One rule at one server: the gravest of its occasions decides, and all are told. */
function testCase(subject: string, rule: string, outcomes: readonly ResultOutcome[], threshold: Threshold): Element {
  const attributes = { name: rule, classname: subject, time: 0 };
  const counted = outcomes.filter((outcome) => counts(outcome, threshold));
  const [first] = counted;
  if (first !== undefined) {
    const more = counted.length === 1 ? '' : ` (and ${count(counted.length - 1, 'occasion')} more)`;
    const message = `${shorten(visibleLine(first.message), 500)}${more}`;
    return element('testcase', attributes, [
      element('failure', { message, type: first.level }, [counted.map(details).join('\n\n')]),
    ]);
  }
  const fault = outcomes.find(({ kind }) => kind === 'fail');
  if (fault !== undefined) {
    const why = fault.expected
      ? `expected, ${fault.expected.reason}`
      : fault.baselineState === 'unchanged'
        ? 'known from the baseline'
        : 'not counted';
    const message = `${fault.level} by the ${partyNames[fault.party]}, ${why}: ${shorten(visibleLine(fault.message), 500)}`;
    return element('testcase', attributes, [element('skipped', { message })]);
  }
  if (outcomes.some(({ kind }) => kind === 'pass')) return element('testcase', attributes);
  const open = outcomes.find(({ kind }) => kind === 'open');
  if (open !== undefined) {
    const [missing, lifting] = [missingInWords([open]).join(', '), liftingInWords([open]).join('; ')];
    const why = missing === '' ? '' : ` (not seen: ${missing}${lifting === '' ? '' : `; would decide it: ${lifting}`})`;
    const message = `cannot tell: ${shorten(visibleLine(open.message), 500)}${visibleLine(why)}`;
    return element('testcase', attributes, [element('skipped', { message })]);
  }
  const told = outcomes.map(({ message }) => visibleLine(message)).join('\n');
  return element('testcase', attributes, [element('system-out', {}, [told])]);
}

function details(outcome: ResultOutcome): string {
  return [
    findRule(outcome.rule)?.title ?? outcome.rule,
    `${outcome.level}, by the ${partyNames[outcome.party]}: ${visibleLine(outcome.message)}`,
    ...outcome.evidence
      .slice(0, 10)
      .map(({ entry, part, note }) => `  exchange ${entry}, ${visibleLine(partName(part))}: ${visibleLine(note)}`),
    ...(outcome.evidence.length > 10 ? [`  and ${outcome.evidence.length - 10} more`] : []),
    `  fix: ${visibleLine(outcome.fix)}`,
    ...outcome.spec.map((address) => `  ${visibleLine(address)}`),
  ].join('\n');
}
