import { stripVTControlCharacters, styleText } from 'node:util';
import type { ListedOutcome } from './panel.ts';

type Style = Parameters<typeof styleText>[0];

const colored = process.stdout.isTTY === true && !process.env.NO_COLOR;
const style = (as: Style, text: string): string => (colored ? styleText(as, text) : text);

/** A line for whoever started the program. Control characters of others' text do not reach the terminal. */
export function say(text = '', as?: Style): void {
  const plain = stripVTControlCharacters(text);
  process.stdout.write(`${as ? style(as, plain) : plain}\n`);
}

const marks: Record<string, Style> = { error: 'red', warning: 'yellow', note: 'cyan' };

/** The faults among the outcomes, with rule, level and party; and how many of each kind there are. */
export function sayVerdicts(outcomes: readonly ListedOutcome[]): void {
  const fails = outcomes.filter(({ kind }) => kind === 'fail');
  for (const { rule, level, party } of fails)
    say(`  FAIL ${level.padEnd(8)} ${rule}  (${party})`, marks[level] ?? 'bold');
  if (fails.length === 0) say('  no fault found', 'green');
  const kinds = [...new Set(outcomes.map(({ kind }) => kind))].sort();
  say(`  ${kinds.map((kind) => `${outcomes.filter((outcome) => outcome.kind === kind).length} ${kind}`).join(', ')}`);
}
