import { byOccasion, type Occasions } from '../report/occasions.ts';
import type { Result, ResultGrant, ResultOutcome } from '../report/result.ts';
import { shorten, visible, visibleLine } from '../report/text.ts';
import { undecidedByLift } from '../report/undecided.ts';
import { verdicts } from '../report/verdicts.ts';
import { count, duration, expectationWords, partyNames } from '../report/words.ts';
import type { Outcome } from '../rules/outcome.ts';
import { findRule } from '../rules/registry.ts';

export interface Look {
  readonly color: boolean;
  /** Columns; lines are wrapped at this width or at 110, whichever is less. */
  readonly width: number;
}

export type Paint = (text: string) => string;

export interface Pen {
  readonly width: number;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly green: Paint;
}

/** The result for a person at a terminal. Text of strangers is shown without control characters. */
export function textReport(result: Result, look: Look): string {
  const pen = penOf(look);
  const faults = result.outcomes.filter((outcome) => outcome.kind === 'fail');
  const notes = result.outcomes.filter((outcome) => outcome.kind === 'informational');
  const open = result.outcomes.filter((outcome) => outcome.kind === 'open');
  const sections = [
    head(result, pen),
    strip(result, pen),
    signIns(result, pen),
    recoveries(result, pen),
    ...byOccasion([...faults, ...notes]).map((occasions) => finding(occasions, pen)),
    openList(open, pen),
    expectations(result, pen),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** The colours and the width of a look. */
export function penOf(look: Look): Pen {
  const paint =
    (code: number): Paint =>
    (text) =>
      look.color ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    width: Math.max(40, Math.min(look.width, 110)),
    bold: paint(1),
    dim: paint(2),
    red: paint(31),
    yellow: paint(33),
    blue: paint(34),
    green: paint(32),
  };
}

function head(result: Result, pen: Pen): string {
  const { source, story } = result;
  const length = Date.parse(source.lastFinished ?? '') - Date.parse(source.firstStarted ?? '');
  const facts = [
    count(source.entries, 'exchange'),
    ...(Number.isFinite(length) ? [duration(length)] : []),
    ...(source.creator === '' ? [] : [visibleLine(source.creator)]),
  ];
  const servers = story.servers.map((server) => {
    const revision = server.specVersion === null ? 'revision unknown' : `MCP ${server.specVersion}`;
    return `  ${visibleLine(server.url)}  ${pen.dim(`${revision}, ${count(server.calls, 'call')}`)}`;
  });
  return [`${pen.bold(visibleLine(source.name))}  ${pen.dim(facts.join(', '))}`, ...servers].join('\n');
}

function strip(result: Result, pen: Pen): string {
  const cells = verdicts(result);
  const width = Math.max(...cells.map((cell) => cell.question.length));
  return cells
    .map((cell) => {
      const [sign, paint] = cell.state === 'fail' ? faultSign(cell.level, pen) : calmSign(cell.state, pen);
      return `  ${paint(sign)} ${cell.question.padEnd(width)}  ${paint(visibleLine(cell.phrase))}`;
    })
    .join('\n');
}

function calmSign(state: 'pass' | 'open' | 'none', pen: Pen): readonly [string, Paint] {
  if (state === 'pass') return ['✓', pen.green];
  return state === 'open' ? ['?', pen.dim] : ['·', pen.dim];
}

/** A fault's sign and colour. */
export function faultSign(level: Outcome['level'], pen: Pen): readonly [string, Paint] {
  if (level === 'error') return ['✗', pen.red];
  return level === 'warning' ? ['!', pen.yellow] : ['i', pen.blue];
}

function signIns(result: Result, pen: Pen): string {
  const { grants } = result.story;
  if (grants.length === 0) return '';
  const rows = grants.map((grant) => [
    grant.id,
    causeWords[grant.cause],
    scopeList(grant.requested, 'not seen'),
    scopeList(grant.granted, 'not seen'),
    grant.refreshToken === null ? '?' : grant.refreshToken ? 'yes' : 'no',
    grant.entries.refreshes.length === 0 ? '' : String(grant.entries.refreshes.length),
  ]);
  return table(['grant', 'cause', 'requested', 'granted', 'refresh token', 'refreshes'], rows, pen);
}

const causeWords: Readonly<Record<ResultGrant['cause'], string>> = {
  initial: 'first sign-in',
  '401': 'after a 401',
  'step-up': 'step-up',
  user: 'by the user',
  unknown: '?',
};

function scopeList(scopes: readonly string[] | null, unknown: string): string {
  if (scopes === null) return unknown;
  return scopes.length === 0 ? '(none)' : visibleLine(scopes.join(' '));
}

function recoveries(result: Result, pen: Pen): string {
  const rows = result.story.recoveries.map((recovery) => [
    `#${recovery.entry}`,
    String(recovery.status),
    recovery.how.replaceAll('-', ' '),
    recovery.ms === null ? '' : duration(recovery.ms),
  ]);
  return rows.length === 0 ? '' : table(['challenge', 'status', 'what followed', 'took'], rows, pen);
}

function table(titles: readonly string[], rows: readonly (readonly string[])[], pen: Pen): string {
  const widest = Math.max(16, Math.floor(pen.width / 3));
  const cells = rows.map((row) => row.map((cell) => shorten(cell, widest)));
  const widths = titles.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [pen.dim(`  ${line(titles)}`), ...cells.map((row) => `  ${line(row)}`)].join('\n');
}

function finding({ first: outcome, more }: Occasions, pen: Pen): string {
  const [sign, paint] = outcome.kind === 'fail' ? faultSign(outcome.level, pen) : (['i', pen.blue] as const);
  const level = outcome.kind === 'fail' ? outcome.level : 'info';
  const lines = [
    `${paint(`${sign} ${level}`)}  ${pen.bold(findRule(outcome.rule)?.title ?? outcome.rule)}`,
    `    ${pen.dim(`${outcome.rule}, by the ${partyNames[outcome.party]}, ${visibleLine(outcome.subject)}`)}`,
    ...marksOf(outcome, pen),
    ...wrap(visible(outcome.message), pen.width - 4).map((line) => `    ${line}`),
    ...outcome.evidence.slice(0, shownEvidence).map((evidence) => {
      const place = visibleLine(`#${evidence.entry} ${evidence.part}`);
      return `    ${pen.dim(place)}  ${shorten(visibleLine(evidence.note), Math.max(20, pen.width - place.length - 6))}`;
    }),
  ];
  if (outcome.evidence.length > shownEvidence)
    lines.push(pen.dim(`    and ${outcome.evidence.length - shownEvidence} more`));
  if (more.length > 0) {
    const places = more.flatMap((other) => other.evidence[0]?.entry ?? []).map((entry) => `#${entry}`);
    lines.push(...hang('also  ', `${count(more.length, 'more occasion')}: ${places.join(' ')}`, pen));
  }
  lines.push(...hang('fix   ', visible(outcome.fix), pen));
  for (const address of outcome.spec.slice(0, 1)) lines.push(`    ${pen.dim(`spec  ${visibleLine(address)}`)}`);
  return lines.join('\n');
}

const shownEvidence = 4;

/** Why a fault does not count, if it does not. */
function marksOf(outcome: ResultOutcome, pen: Pen): readonly string[] {
  const known = outcome.baselineState === 'unchanged' ? ['    known from the baseline: does not count'] : [];
  if (outcome.expected === undefined) return known.map(pen.dim);
  const { reason, expires } = outcome.expected;
  const until = expires === null ? '' : ` until ${expires}`;
  return [...known.map(pen.dim), ...hang(`expected${until}  `, visible(reason), pen)];
}

function expectations({ expectations: list = [] }: Result, pen: Pen): string {
  const lines = list.flatMap(({ rule, server, expires, state }) =>
    state === 'happens'
      ? []
      : [
          `  ${rule}${server === null ? '' : ` at ${visibleLine(server)}`}: ${expectationWords[state]}${state === 'expired' ? ` (${expires})` : ''}`,
        ],
  );
  return lines.length === 0 ? '' : [pen.bold('Expected faults'), ...lines].join('\n');
}

function hang(label: string, text: string, pen: Pen): string[] {
  return wrap(text, pen.width - 4 - label.length).map((line, index) =>
    index === 0 ? `    ${pen.dim(label)}${line}` : `    ${' '.repeat(label.length)}${line}`,
  );
}

function openList(open: readonly Outcome[], pen: Pen): string {
  if (open.length === 0) return '';
  const lines = [...undecidedByLift(open)].flatMap(([lift, rules]) => [
    ...rules.map(({ rule, outcomes, missing }) => {
      const what = missing.length > 0 ? `not seen: ${missing.join(', ')}` : (outcomes[0]?.message ?? '');
      const times = outcomes.length > 1 ? ` (${outcomes.length}×)` : '';
      return `  ? ${rule}${times}  ${pen.dim(shorten(visibleLine(what), Math.max(20, pen.width - rule.length - 8)))}`;
    }),
    ...(lift === '' ? [] : hang('would decide it  ', lift, pen)),
  ]);
  return [pen.bold('Could not be decided'), ...lines].join('\n');
}

/** Breaks text at spaces into lines of at most `width`; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}
