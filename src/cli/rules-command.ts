import { visible } from '../report/text.ts';
import { findRule, rulePage, rules } from '../rules/registry.ts';
import type { Rule } from '../rules/rule.ts';
import { readArguments } from './arguments.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';

/** `rules`: the catalogue. */
export async function rulesCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const given = readArguments('rules', args);
  if (given.operands.length > 0) throw new UsageError('rules takes no operand; explain shows one rule');
  const format = given.choice('format', ['text', 'json', 'md'] as const, io.isTerminal ? 'text' : 'json');
  const write = { text: rulesText, json: rulesJson, md: rulesMarkdown }[format];
  await io.out(write());
  return 0;
}

function rulesJson(): string {
  const list = rules.map(({ id, title, party, level, since, spec, aliases, fix }) => ({
    id,
    title,
    party,
    level,
    since,
    spec: spec.map((link) => link.url),
    aliases,
    fix,
  }));
  return `${JSON.stringify(list, null, 2)}\n`;
}

function rulesText(): string {
  const width = Math.max(...rules.map((rule) => rule.id.length), 4);
  const lines = [...byParty()].flatMap(([party, members]) => [
    `${party} (${members.length})`,
    ...members.map((rule) => `  ${rule.level.padEnd(8)} ${rule.id.padEnd(width)}  ${rule.title}`),
    '',
  ]);
  return lines.join('\n');
}

function byParty(): ReadonlyMap<string, readonly Rule[]> {
  const groups = new Map<string, Rule[]>();
  for (const party of ['client', 'server', 'authorization-server']) {
    const members = rules.filter((rule) => rule.party === party);
    if (members.length > 0) groups.set(party, members);
  }
  return groups;
}

function rulesMarkdown(): string {
  const rows = rules.map((rule) => {
    const links = rule.spec.map((link) => `[${cell(link.text)}](${link.url})`).join('<br>');
    return `| \`${rule.id}\` | ${cell(rule.title)} | ${rule.party} | ${rule.level} | ${rule.since ?? '–'} | ${links} |`;
  });
  return [
    '| rule | fault | party | level | since | specification |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** `explain`: one rule's page. */
export async function explainCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const { operands } = readArguments('explain', args);
  const [id] = operands;
  if (id === undefined || operands.length > 1)
    throw new UsageError('explain needs one rule id; the command rules lists them');
  const rule = findRule(id);
  if (rule === null) throw new UsageError(`no rule ${JSON.stringify(id)}${nearest(id)}`);
  const page = (await rulePage(rule.id)) ?? shortPage(rule);
  await io.out(`${visible(page).trimEnd()}\n`);
  return 0;
}

function shortPage(rule: Rule): string {
  const links = rule.spec.map((link) => `- ${link.text}: ${link.url}`);
  return [`# ${rule.title}`, '', `\`${rule.id}\`, ${rule.party}, ${rule.level}`, '', rule.fix, '', ...links].join('\n');
}

/** Ids that share the most words with a mistyped one. */
function nearest(id: string): string {
  const words = new Set(id.toLowerCase().split(/[^a-z0-9]+/));
  const shared = (rule: Rule): number => rule.id.split('-').filter((word) => words.has(word)).length;
  const close = rules.filter((rule) => shared(rule) > 0).sort((a, b) => shared(b) - shared(a));
  return close.length === 0
    ? '; the command rules lists them'
    : `; near it: ${close
        .slice(0, 3)
        .map((rule) => rule.id)
        .join(', ')}`;
}
