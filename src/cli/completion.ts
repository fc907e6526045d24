import { rules } from '../rules/registry.ts';
import { oneOf, readArguments } from './arguments.ts';
import { type CommandSpec, commandSpecs, type OptionSpec, shells } from './commands.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';

/** `completion`: a script that completes commands, options, their values, and rule ids. */
export async function completionCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const [shell, ...more] = readArguments('completion', args).operands;
  if (shell === undefined || more.length > 0) throw new UsageError(`completion needs one of ${shells.join(', ')}`);
  await io.out({ bash, zsh, fish }[oneOf(shell, shells, 'completion')]());
  return 0;
}

const ruleIds = (): string => rules.map(({ id }) => id).join(' ');

/** What completes a command's operand, as bash words; null: files. */
function operandWords({ completes }: CommandSpec): string | null {
  switch (completes) {
    case 'file':
      return null;
    case 'rule':
      return '$rules';
    case 'shell':
      return shells.join(' ');
    case 'nothing':
      return '';
  }
}

function bash(): string {
  const cases = commandSpecs.map((command) => {
    const valued = command.options.filter(({ value }) => value !== null);
    const values = valued.map((option) => `        --${option.name}) ${bashValue(option)}; return ;;`);
    const words = operandWords(command);
    const operands =
      words === null ? 'compopt -o default; COMPREPLY=()' : `COMPREPLY=($(compgen -W "${words}" -- "$word"))`;
    return `    ${command.name})
      case $before in
${values.length === 0 ? '        --) ;;' : values.join('\n')}
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "${optionNames(command)}" -- "$word"))
      else
        ${operands}
      fi ;;`;
  });
  return `# Completion of mcp-auth-inspector for bash.
_mcp_auth_inspector() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  local rules="${ruleIds()}"
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "${commandSpecs.map(({ name }) => name).join(' ')} --help --version" -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
}
complete -F _mcp_auth_inspector mcp-auth-inspector
`;
}

function optionNames({ options }: CommandSpec): string {
  return [...options.map(({ name }) => `--${name}`), '--help'].join(' ');
}

function bashValue({ choices, completes }: OptionSpec): string {
  if (choices !== undefined) return `COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$word"))`;
  if (completes === 'rule') return 'COMPREPLY=($(compgen -W "$rules" -S = -- "$word")); compopt -o nospace';
  return 'compopt -o default; COMPREPLY=()';
}

function zsh(): string {
  const commands = commandSpecs.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = commandSpecs.map((command) => {
    const options = command.options.map(zshOption);
    const operand = {
      file: "'*:file:_files'",
      rule: "'1:rule:($rules)'",
      shell: `'1:shell:(${shells.join(' ')})'`,
      nothing: '',
    }[command.completes].replace("'1:rule:($rules)'", '"1:rule:($rules)"');
    const all = [...options, "'--help[help with examples]'", ...(operand === '' ? [] : [operand])];
    return `    ${command.name})\n      _arguments \\\n        ${all.join(' \\\n        ')} ;;`;
  });
  return `#compdef mcp-auth-inspector
# Completion of mcp-auth-inspector for zsh.
_mcp_auth_inspector() {
  local -a commands
  local rules="${ruleIds()}"
  commands=(
${commands.join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _mcp-auth-inspector ]]; then
  _mcp_auth_inspector "$@"
else
  compdef _mcp_auth_inspector mcp-auth-inspector
fi
`;
}

function zshOption({ name, value, choices, completes, multiple = false, help }: OptionSpec): string {
  const text = help.replaceAll(/[[\]:]/g, ' ');
  const action =
    choices !== undefined
      ? `(${choices.join(' ')})`
      : completes === 'rule'
        ? '($rules)'
        : completes === 'file'
          ? '_files'
          : ' ';
  const spec = `${multiple ? '*' : ''}--${name}[${text}]${value === null ? '' : `:${value}:${action}`}`;
  return completes === 'rule' ? `"${spec.replaceAll(/["\\`]/g, ' ')}"` : quoted(spec);
}

/** A word in single quotes, as POSIX shells and fish read it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function fish(): string {
  const all = commandSpecs.map(({ name }) => name).join(' ');
  const first = commandSpecs.map(
    ({ name, summary }) =>
      `complete -c mcp-auth-inspector -n "not __fish_seen_subcommand_from ${all}" -f -a ${name} -d ${quoted(summary)}`,
  );
  const rest = commandSpecs.flatMap((command) => {
    const start = `complete -c mcp-auth-inspector -n "__fish_seen_subcommand_from ${command.name}"`;
    const words = { file: null, rule: ruleIds(), shell: shells.join(' '), nothing: '' }[command.completes];
    return [
      ...(words === null ? [] : [`${start} -f${words === '' ? '' : ` -a ${quoted(words)}`}`]),
      ...command.options.map(({ name, value, choices, completes, help }) => {
        const values = choices?.join(' ') ?? (completes === 'rule' ? ruleIds() : null);
        const argument = value === null ? '' : values === null ? ' -r -F' : ` -x -a ${quoted(values)}`;
        return `${start} -l ${name}${argument} -d ${quoted(help)}`;
      }),
    ];
  });
  return `# Completion of mcp-auth-inspector for fish.\n${[...first, ...rest].join('\n')}\n`;
}
