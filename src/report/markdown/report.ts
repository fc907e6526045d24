import { findRule } from '../../rules/registry.ts';
import type { Grant } from '../../story/model.ts';
import type { Analysis } from '../analysis.ts';
import { partName } from '../evidence.ts';
import { answerWords, requestWords } from '../html/words.ts';
import { inOrder } from '../notes.ts';
import { byOccasion, type Occasions } from '../occasions.ts';
import type { Result, ResultOutcome } from '../result.ts';
import { defaultExport, type ExportOptions, shareable } from '../share.ts';
import { causeWords, signInExchanges } from '../sign-in.ts';
import { shorten } from '../text.ts';
import { undecidedByLift } from '../undecided.ts';
import { verdicts } from '../verdicts.ts';
import { count, expectationWords, partyNames } from '../words.ts';
import { code, markdownText } from './escape.ts';

/** Lines of a whole report, as far as its gravest finding allows. */
const mostLines = 58;
const shownOneLiners = 8;
const shownRows = 12;

/**
 * A report for an issue tracker, in GitHub Flavored Markdown: the verdicts, the findings, and folded
 * the sign-ins and what stayed open. Text of strangers can neither become markup nor mention or link.
 */
export function markdownReport(analysis: Analysis, options: ExportOptions = defaultExport): string {
  const shown = shareable(analysis, options);
  const { result } = shown;
  const before = [head(shown), strip(shown)];
  const after = [noteList(shown), signIns(shown), undecided(result), expectations(result), foot(result)].filter(
    (section) => section !== '',
  );
  const room = mostLines - linesOf(before) - linesOf(after);
  return `${[...before, ...findings(result, room), ...after].join('\n\n')}\n`;
}

/** Lines of sections, each with the empty line after it. */
function linesOf(sections: readonly string[]): number {
  return sections.reduce((sum, section) => sum + section.split('\n').length + 1, 0);
}

function head({ result: { source, story }, notes: { name } }: Analysis): string {
  const servers = story.servers.map(
    ({ url, specVersion, calls }) =>
      `${code(url)} (${specVersion === null ? 'revision unknown' : `MCP ${markdownText(specVersion)}`}, ${count(calls, 'call')})`,
  );
  const shownServers = servers.slice(0, 5).join(', ');
  const more = servers.length > 5 ? ` and ${servers.length - 5} more` : '';
  const facts = `${count(source.entries, 'exchange')}${servers.length === 0 ? ', no MCP server' : ` with ${shownServers}${more}`}`;
  return `## MCP authorization: ${name === null ? code(source.name) : markdownText(shorten(name, 120))}\n\n${facts}`;
}

function strip({ result, suppressed }: Analysis): string {
  const rows = verdicts(result, suppressed?.outcomes).map(
    ({ question, state, level, phrase }) =>
      `| ${state === 'fail' ? faultSigns[level] : calmSigns[state]} | ${question} | ${markdownText(phrase.replaceAll('|', '\\u{7c}'))} |`,
  );
  return ['| | Question | Answer |', '| --- | --- | --- |', ...rows].join('\n');
}

const faultSigns = { error: '❌', warning: '⚠️', note: 'ℹ️', none: '❌' } as const;
const calmSigns = { pass: '✅', open: '❔', none: '➖' } as const;

/** As many findings in full as there is room for, the others in a line each. */
function findings(result: Result, room: number): readonly string[] {
  const groups = byOccasion(
    result.outcomes.filter((outcome) => outcome.kind === 'fail' || outcome.kind === 'informational'),
  );
  if (groups.length === 0) return ['### Findings\n\nNo fault was found in what was recorded.'];
  const sections: string[] = [];
  for (const [index, group] of groups.entries()) {
    const text = finding(group);
    const left = Math.min(groups.length - index - 1, shownOneLiners + 1);
    const restLines = left === 0 ? 0 : left + 4;
    if (index > 0 && linesOf([...sections, text]) + restLines > room) break;
    sections.push(text);
  }
  const rest = groups.slice(sections.length);
  if (rest.length === 0) return sections;
  const list = rest.slice(0, shownOneLiners).map(({ first, more }) => {
    const times = more.length === 0 ? '' : ` (${more.length + 1}×)`;
    return `- **${levelOf(first)}** ${code(first.rule)}${times}: ${markdownText(shorten(first.message, 300))}`;
  });
  if (rest.length > shownOneLiners) list.push(`- and ${count(rest.length - shownOneLiners, 'finding')} more`);
  return [...sections, folded(`${count(rest.length, 'more finding')}`, list)];
}

function finding({ first, more }: Occasions): string {
  const outcome: ResultOutcome = first;
  const marks = [
    ...(outcome.baselineState === 'unchanged' ? ['known from the baseline'] : []),
    ...(outcome.expected === undefined ? [] : [`expected: ${markdownText(outcome.expected.reason)}`]),
  ];
  const title = markdownText(findRule(outcome.rule)?.title ?? outcome.rule);
  const entries = more.flatMap(({ evidence }) => evidence[0]?.entry ?? []);
  const evidence = outcome.evidence
    .slice(0, 3)
    .map(
      ({ entry, part, note }) =>
        `- exchange ${entry}, ${markdownText(partName(part))}${note === '' ? '' : `: ${markdownText(shorten(note, 200))}`}`,
    );
  if (outcome.evidence.length > 3) evidence.push(`- and ${count(outcome.evidence.length - 3, 'place')} more`);
  if (entries.length > 0) {
    const places = entries.slice(0, 12).join(', ');
    evidence.push(`- ${count(more.length, 'more occasion')}: exchange ${places}${entries.length > 12 ? ' …' : ''}`);
  }
  const [address] = outcome.spec;
  return [
    `### ${outcome.kind === 'fail' ? faultSigns[outcome.level] : 'ℹ️'} ${title}`,
    '',
    `**${levelOf(outcome)}**, by the ${partyNames[outcome.party]}${marks.map((mark) => `, ${mark}`).join('')}. ${markdownText(shorten(outcome.message, 800))}`,
    '',
    folded('Evidence, fix', [
      ...evidence,
      `- **Fix:** ${markdownText(outcome.fix)}`,
      `- Rule ${code(outcome.rule)}${address === undefined ? '' : `, ${link(address)}`}`,
    ]),
  ].join('\n');
}

function levelOf({ kind, level }: ResultOutcome): string {
  return kind === 'fail' ? level : 'info';
}

/** Addresses come from our own rule table; one that could end the link is shown as text all the same. */
function link(address: string): string {
  return /^https:\/\/[A-Za-z0-9./#?=&_~%+-]+$/.test(address) ? `[specification](${address})` : code(address);
}

/** What the person who recorded it wrote, the session's own notes first. */
function noteList({ notes }: Analysis): string {
  const written = inOrder(notes.notes);
  if (written.length === 0) return '';
  const lines = written.slice(0, shownRows).map(({ entry, text }) => {
    const place = entry === null ? 'Session' : `Exchange ${entry}`;
    return `- **${place}**${text === '' ? ' (pinned)' : `: ${markdownText(shorten(text, 400))}`}`;
  });
  if (written.length > shownRows) lines.push(`- and ${count(written.length - shownRows, 'note')} more`);
  return folded(count(written.length, 'note'), lines);
}

function signIns(analysis: Analysis): string {
  const grants = analysis.story.grants.filter((grant) => grant.server !== null);
  if (grants.length === 0) return '';
  const rows = grants.flatMap((grant) => steps(grant, analysis));
  return folded(count(grants.length, 'sign-in'), [
    '| | Request | Answer |',
    '| --- | --- | --- |',
    ...rows.slice(0, shownRows),
    ...(rows.length > shownRows ? [`| | and ${count(rows.length - shownRows, 'row')} more | |`] : []),
  ]);
}

/** One row for the sign-in, one for each exchange; what passes between the user and the login pages is left out. */
function steps(grant: Grant, analysis: Analysis): readonly string[] {
  const { story } = analysis;
  const scopes = grant.requested === null ? '' : ` for ${code(grant.requested.join(' '), true)}`;
  const title = `| **${grant.id}** | **${causeWords[grant.cause]}**${scopes} | |`;
  const rows = signInExchanges(grant, analysis).flatMap((exchange) => {
    const role = story.roles.get(exchange.entry) ?? null;
    if (role?.kind === 'authorization-page') return [];
    const request = code(shorten(requestWords(exchange, role, story), 80), true);
    return [`| ${exchange.entry} | ${request} | ${code(shorten(answerWords(exchange, role, story), 80), true)} |`];
  });
  return [title, ...rows];
}

function undecided(result: Result): string {
  const byLift = undecidedByLift(result.outcomes);
  if (byLift.size === 0) return '';
  let left = 30;
  const lines = [...byLift].flatMap(([lift, rules]) => {
    const shown = rules.slice(0, left).map(({ rule, missing }) => {
      const what = missing.length === 0 ? '' : ` (not seen: ${markdownText(missing.join(', '))})`;
      return `${code(rule)}${what}`;
    });
    left -= shown.length;
    if (shown.length === 0) return [];
    return [`- ${shown.join('; ')}${lift === '' ? '' : `. Would decide: ${markdownText(lift)}`}`];
  });
  const all = [...byLift.values()].reduce((sum, rules) => sum + rules.length, 0);
  return folded(`${count(all, 'check')} could not be decided`, [
    ...lines,
    ...(all > 30 ? [`- and ${all - 30} more`] : []),
  ]);
}

/** Expected faults of which there is news: those that happen say so where they are told. */
function expectations({ expectations: list = [] }: Result): string {
  const lines = list.flatMap(({ rule, server, state }) =>
    state === 'happens'
      ? []
      : [`- ${code(rule)}${server === null ? '' : ` at ${code(server)}`} ${expectationWords[state]}`],
  );
  return lines.length === 0
    ? ''
    : folded(`${count(lines.length, 'expectation')} to look at`, lines.slice(0, shownOneLiners));
}

function foot({ source, tool, summary }: Result): string {
  const redacted = source.redacted
    ? 'Secrets and personal texts are replaced by aliases.'
    : 'Nothing in this report is redacted: treat it like a password.';
  return `<sub>${tool.name} ${tool.version}. ${summary.pass} checks passed, ${summary.open} open. ${redacted}</sub>`;
}

/** A summary of our own words, and Markdown that is shown when it is opened. */
function folded(summary: string, lines: readonly string[]): string {
  return [`<details><summary>${summary}</summary>`, '', ...lines, '</details>'].join('\n');
}
