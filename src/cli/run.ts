import { version } from '../report/version.ts';
import { analyzeCommand } from './analyze-command.ts';
import { findCommand } from './commands.ts';
import { completionCommand } from './completion.ts';
import { diffCommand } from './diff-command.ts';
import { commandHelp, help } from './help.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';
import { recordCommand } from './record-command.ts';
import { redactCommand } from './redact-command.ts';
import { explainCommand, rulesCommand } from './rules-command.ts';

const commands: ReadonlyMap<string, (args: readonly string[], io: Io) => Promise<ExitStatus>> = new Map([
  ['analyze', analyzeCommand],
  ['record', recordCommand],
  ['rules', rulesCommand],
  ['explain', explainCommand],
  ['redact', redactCommand],
  ['diff', diffCommand],
  ['completion', completionCommand],
]);

/** Carries out one call; never rejects. */
export async function run(args: readonly string[], io: Io): Promise<ExitStatus> {
  const [name, ...rest] = args;
  try {
    if (name === undefined) {
      io.error(help());
      return 2;
    }
    const beforeEnd = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
    if (name === 'help' || beforeEnd.includes('--help') || beforeEnd.includes('-h')) {
      const spec = findCommand(name === 'help' ? (rest[0] ?? '') : name);
      await io.out(`${spec === null ? help() : commandHelp(spec)}\n`);
      return 0;
    }
    if (name === '--version' || name === '-V') {
      await io.out(`${version}\n`);
      return 0;
    }
    const command = commands.get(name);
    if (command === undefined) throw new UsageError(`no command ${JSON.stringify(name)}; --help lists them`);
    return await command(rest, io);
  } catch (error) {
    io.error(`mcp-auth-inspector: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}
