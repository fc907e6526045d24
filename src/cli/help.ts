import { version } from '../report/version.ts';
import { type CommandSpec, commandSpecs, type OptionSpec } from './commands.ts';
import { wrap } from './text-report.ts';

const columns = 92;

/** The text of `--help`: every command in a line. */
export function help(): string {
  const calls = commandSpecs.map(({ name, operands }) => `${name} ${operands}`.trim());
  const width = Math.max(...calls.map((call) => call.length));
  const lines = commandSpecs.map(({ summary }, index) => `  ${(calls[index] ?? '').padEnd(width)}   ${summary}`);
  return `mcp-auth-inspector ${version}
Reads recorded traffic of an MCP client and says what is wrong with its authorization, why, and how to mend it.

Usage: mcp-auth-inspector <command> [options]

${lines.join('\n')}

  mcp-auth-inspector <command> --help   a command's options, with examples
  mcp-auth-inspector --help | --version

Often used with analyze:
${optionLines((commandSpecs[0]?.options ?? []).filter(({ name }) => often.has(name))).join('\n')}

Exit status: 0 nothing at or above --fail-on; 1 something; 2 the call or an input is unusable.`;
}

const often: ReadonlySet<string> = new Set(['format', 'out', 'fail-on', 'party', 'baseline', 'config']);

/** The text of `<command> --help`. */
export function commandHelp(command: CommandSpec): string {
  const sections = [
    `mcp-auth-inspector ${command.name}: ${command.summary}`,
    `Usage: mcp-auth-inspector ${command.name} ${command.operands}${command.options.length > 0 ? ' [options]' : ''}`.replace(
      '  ',
      ' ',
    ),
    ...command.about.map((paragraph) => wrap(paragraph, columns).join('\n')),
    ...(command.options.length === 0 ? [] : [['Options:', ...optionLines(command.options)].join('\n')]),
    ['Examples:', ...command.examples.flatMap(([what, call]) => [`  # ${what}`, `  ${call}`])].join('\n'),
  ];
  return sections.join('\n\n');
}

function optionLines(options: readonly OptionSpec[]): readonly string[] {
  const names = options.map(({ name, value }) => `--${name}${value === null ? '' : ` <${value}>`}`);
  const width = Math.min(24, Math.max(...names.map((name) => name.length)));
  return options.flatMap(({ help: text, choices }, index) => {
    const name = (names[index] ?? '').padEnd(width);
    const told = choices === undefined ? text : `${choices.join('|')}; ${text}`;
    return wrap(told, columns - width - 4).map((line, number) =>
      number === 0 ? `  ${name}  ${line}` : `  ${' '.repeat(width)}  ${line}`,
    );
  });
}
