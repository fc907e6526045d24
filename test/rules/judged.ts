import { expect } from 'vitest';
import type { Evidence, Outcome } from '../../src/rules/outcome.ts';
import type { HarEntry, Traffic } from '../traffic/traffic.ts';
import { outcomes } from '../traffic/verdicts.ts';
import { expectRevisionLaw } from './revision-law.ts';

/** What a test says of one outcome; what it leaves out is not compared. */
export interface Expected {
  /** The step that the first evidence points at. */
  readonly at?: string;
  /** The first evidence's part. */
  readonly part?: string;
  /** What the first evidence's range cuts out of that part; null: it has no range. */
  readonly quoted?: string | null;
  readonly party?: Outcome['party'];
  readonly missing?: readonly string[];
  /** Words of the message. */
  readonly says?: string;
}

/** The outcomes of one rule, in order of the entries they rest on; what it faults is held to the law of revisions. */
export function judged(log: Traffic, rule: string): readonly Outcome[] {
  expectRevisionLaw(log, rule);
  return outcomes(log)
    .filter((outcome) => outcome.rule === rule)
    .toSorted((one, other) => entryOf(one) - entryOf(other));
}

/** `error`, `warning`, `note` for failures, else the kind. */
export function verdictOf({ kind, level }: Outcome): string {
  return kind === 'fail' ? level : kind;
}

/** Asserts that the rule has this one outcome in the log, and what it says and points at. */
export function expectOnly(log: Traffic, rule: string, verdict: string, expected: Expected = {}): void {
  const found = judged(log, rule);
  expect(found.map(verdictOf)).toEqual([verdict]);
  const [outcome] = found;
  if (outcome) expectDetails(log, outcome, expected);
}

/** Asserts what an outcome says and points at; every range it has must lie in its part. */
export function expectDetails(log: Traffic, outcome: Outcome, expected: Expected): void {
  const [first] = outcome.evidence;
  if (expected.at !== undefined) expect(first?.entry).toBe(log.entry(expected.at));
  if (expected.part !== undefined) expect(first?.part).toBe(expected.part);
  if (expected.quoted !== undefined) expect(first && quoted(log, first)).toBe(expected.quoted);
  if (expected.party !== undefined) expect(outcome.party).toBe(expected.party);
  if (expected.missing !== undefined) expect(outcome.missing).toEqual(expected.missing);
  else expect(outcome.missing === undefined).toBe(outcome.kind !== 'open');
  if (expected.says !== undefined) expect(outcome.message).toContain(expected.says);
  for (const evidence of outcome.evidence) {
    if (!evidence.range) continue;
    const [from, to] = evidence.range;
    expect(from).toBeLessThan(to);
    expect(quoted(log, evidence)).toHaveLength(to - from);
  }
}

/** The text that an evidence's range cuts out of its part; null without a range. */
export function quoted(log: Traffic, { entry, part, range }: Evidence): string | null {
  const recorded = log.har().log.entries[entry];
  if (!recorded || !range) return null;
  return partText(recorded, part).slice(range[0], range[1]);
}

interface Message {
  readonly url?: string;
  readonly status?: number;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly postData?: { readonly text: string };
  readonly content?: { readonly text: string };
}

function partText({ request, response }: HarEntry, part: string): string {
  const side = (part.startsWith('request.') ? request : response) as Message;
  const name = part.slice(part.indexOf('.') + 1);
  if (name === 'url') return side.url ?? '';
  if (name === 'status') return String(side.status);
  if (name === 'postData') return side.postData?.text ?? '';
  if (name === 'content') return side.content?.text ?? '';
  const wanted = name.slice('headers.'.length);
  return side.headers.flatMap((field) => (field.name.toLowerCase() === wanted ? [field.value] : [])).join(', ');
}

function entryOf({ evidence }: Outcome): number {
  return evidence[0]?.entry ?? -1;
}
