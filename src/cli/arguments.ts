import { parseArgs } from 'node:util';
import { type CommandSpec, findCommand } from './commands.ts';
import { UsageError } from './io.ts';

/** The arguments of one command, read by its specification. */
export interface Arguments {
  readonly operands: readonly string[];
  /** The option's value, null when it was not given; UsageError when it is none of the choices. */
  text(name: string): string | null;
  /** One of these choices, or the default. */
  choice<T extends string>(name: string, choices: readonly T[], otherwise: T): T;
  flag(name: string): boolean;
  /** All values of an option that may be repeated. */
  all(name: string): readonly string[];
}

/** Reads arguments by a command's specification; throws UsageError with one line. */
export function readArguments(command: string, args: readonly string[]): Arguments {
  const spec = findCommand(command);
  if (spec === null) throw new UsageError(`no command ${JSON.stringify(command)}`);
  const { values, positionals } = parsed(spec, args);
  const text = (name: string): string | null => {
    const value = values.get(name);
    return typeof value === 'string' ? value : null;
  };
  return {
    operands: positionals,
    text,
    choice: (name, choices, otherwise) => oneOf(text(name) ?? otherwise, choices, `--${name}`),
    flag: (name) => values.get(name) === true,
    all: (name) => {
      const value = values.get(name);
      return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
    },
  };
}

function parsed(
  spec: CommandSpec,
  args: readonly string[],
): { readonly values: ReadonlyMap<string, unknown>; readonly positionals: readonly string[] } {
  const options = Object.fromEntries(
    spec.options.map(({ name, value, multiple = false }) => [
      name,
      { type: value === null ? ('boolean' as const) : ('string' as const), multiple },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    return { values: new Map(Object.entries(values)), positionals };
  } catch (error) {
    throw new UsageError((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '');
  }
}

/** The value if it is one of the choices; else a UsageError that lists them. */
export function oneOf<T extends string>(value: string, choices: readonly T[], option: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined)
    throw new UsageError(`${option} is one of ${choices.join(', ')}, not ${JSON.stringify(value)}`);
  return found;
}
