import { revisions } from '../protocol/mcp.ts';

/** One option of a command, as help, completion and the reading of arguments use it. */
export interface OptionSpec {
  readonly name: string;
  /** What its value is called; null for a switch. */
  readonly value: string | null;
  readonly choices?: readonly string[];
  /** What completion offers for the value besides `choices`. */
  readonly completes?: 'file' | 'rule';
  readonly multiple?: boolean;
  readonly help: string;
}

export interface CommandSpec {
  readonly name: string;
  readonly operands: string;
  /** What completion offers for operands. */
  readonly completes: 'file' | 'rule' | 'shell' | 'nothing';
  readonly summary: string;
  /** Paragraphs of the command's own help. */
  readonly about: readonly string[];
  readonly options: readonly OptionSpec[];
  /** What it does, and the call. */
  readonly examples: readonly (readonly [string, string])[];
}

export const formats = ['text', 'json', 'ndjson', 'har', 'html', 'md', 'sarif', 'junit'] as const;
export const thresholds = ['error', 'warning', 'note', 'never'] as const;
export const parties = ['client', 'server', 'authorization-server', 'all'] as const;
export const shells = ['bash', 'zsh', 'fish'] as const;

const out: OptionSpec = {
  name: 'out',
  value: 'path',
  completes: 'file',
  help: 'write there, whole or not at all (a folder when several inputs); default: standard output',
};
const failOn: OptionSpec = {
  name: 'fail-on',
  value: 'level',
  choices: thresholds,
  help: 'exit with 1 from this level on; default: warning',
};
const party: OptionSpec = {
  name: 'party',
  value: 'party',
  choices: parties,
  help: 'whose faults --fail-on counts; default: client. All are listed all the same',
};
const spec: OptionSpec = {
  name: 'spec',
  value: 'revision',
  choices: ['auto', ...revisions],
  help: 'the MCP revision to judge by; default: auto, as negotiated',
};
const rule: OptionSpec = {
  name: 'rule',
  value: 'id=level',
  completes: 'rule',
  multiple: true,
  help: "a rule's level: off, error, warning or note; may be repeated",
};
const config: OptionSpec = {
  name: 'config',
  value: 'file.json',
  completes: 'file',
  help: 'levels, settings per server, and expected faults; see config.schema.json beside this command',
};
const allContent: OptionSpec = {
  name: 'all-content',
  value: null,
  help: 'entries outside the story keep their content, redacted',
};
const conversation: OptionSpec = {
  name: 'conversation',
  value: null,
  help: 'tool arguments, tool results and messages to a model stay readable',
};
const quiet: OptionSpec = { name: 'quiet', value: null, help: 'no warnings about the input' };

/** Every command, in the order of the help. */
export const commandSpecs: readonly CommandSpec[] = [
  {
    name: 'analyze',
    operands: '<file.har>... [-]',
    completes: 'file',
    summary: "analyse recorded traffic ('-' reads standard input)",
    about: [
      'Reads each recording, works out who signed in where, and judges it. What cannot be seen in a recording is open, never a pass and never a fault.',
      'Formats: text for people; json, one object or a list; ndjson, one line for each input; har, the recording with notes; html, a page by itself; md for an issue tracker; sarif for code scanning, one run for each input; junit for build servers. Secrets are replaced by aliases in all of them.',
      'Exit status: 0 nothing at or above --fail-on; 1 something; 2 the call or an input is unusable. Faults that a baseline holds or the configuration expects do not count.',
    ],
    options: [
      {
        name: 'format',
        value: 'format',
        choices: formats,
        help: 'default: text on a terminal, json otherwise',
      },
      out,
      failOn,
      party,
      spec,
      rule,
      config,
      {
        name: 'baseline',
        value: 'file.json',
        completes: 'file',
        help: 'an earlier result (--format json or ndjson): faults that it holds are marked and do not count',
      },
      {
        name: 'redact',
        value: 'level',
        choices: ['full', 'tokens', 'none'],
        help: 'what is hidden; default: full; none asks first unless --yes',
      },
      { name: 'yes', value: null, help: 'do not ask before --redact none' },
      allContent,
      conversation,
      quiet,
      { name: 'no-color', value: null, help: 'no colour, as with the variable NO_COLOR' },
      {
        name: 'progress',
        value: 'when',
        choices: ['auto', 'always', 'never'],
        help: 'rate and time left on standard error; default: auto, on a terminal',
      },
    ],
    examples: [
      ['Read what is wrong', 'mcp-auth-inspector analyze session.har'],
      ['A page to hand over', 'mcp-auth-inspector analyze session.har --format html --out report.html'],
      ['Fail a build on new faults only', 'mcp-auth-inspector analyze session.har --baseline known.json'],
      ['For code scanning', 'mcp-auth-inspector analyze e2e/session.har --format sarif --out mcp-auth.sarif'],
      ['Many recordings, a line each', 'mcp-auth-inspector analyze recordings/*.har --format ndjson > results.ndjson'],
      ['The server is to blame as well', 'mcp-auth-inspector analyze session.har --party all --fail-on error'],
    ],
  },
  {
    name: 'record',
    operands: '-- <url>',
    completes: 'nothing',
    summary: 'open Chromium, record every tab, popup and worker, then analyse',
    about: [
      'Starts Chromium with a fresh profile on the address given and records its traffic, bodies included, over a pipe: no port is opened. Recording ends when the browser is closed, after --for, or with Ctrl-C; the traffic is then analysed as by analyze.',
      'What is recorded stays in memory. --out keeps it as a HAR with the findings on it, redacted as --redact says.',
      'Chromium is the one that CHROME_PATH names, else the first one installed. Exit status: as of analyze.',
    ],
    options: [
      {
        name: 'for',
        value: 'time',
        help: 'end after so long, such as 90s or 10m; default: when the browser is closed',
      },
      { ...out, help: 'keep the recording there, as an annotated HAR' },
      { name: 'headless', value: null, help: 'no window, for pages that drive themselves; needs --for' },
      { name: 'format', value: 'format', choices: formats, help: 'default: text on a terminal, json otherwise' },
      failOn,
      party,
      spec,
      rule,
      config,
      {
        name: 'redact',
        value: 'level',
        choices: ['full', 'tokens', 'none'],
        help: 'what is hidden; default: full; none asks first unless --yes',
      },
      { name: 'yes', value: null, help: 'do not ask before --redact none' },
      allContent,
      conversation,
      quiet,
      { name: 'no-color', value: null, help: 'no colour, as with the variable NO_COLOR' },
    ],
    examples: [
      [
        'Use the client yourself, close the window, read what is wrong',
        'mcp-auth-inspector record -- https://chat.example.com',
      ],
      ['Ten minutes, and keep it', 'mcp-auth-inspector record --for 10m --out session.har -- http://localhost:5173'],
    ],
  },
  {
    name: 'diff',
    operands: '<a.har> <b.har>',
    completes: 'file',
    summary: 'the faults that were fixed, are new, or are unchanged',
    about: [
      'Compares the faults of two recordings by structure: rule, party, server, and the part of the exchange that proves them. Entry numbers, aliases, times and loopback ports do not matter. Results of analyze --format json are read as well.',
      'A fault counts as mended only where the second recording shows it; where it does not, the list says so.',
      'Exit status: 0 no new fault at or above --fail-on; 1 some, or one that became graver; 2 the call or an input is unusable.',
    ],
    options: [
      {
        name: 'format',
        value: 'format',
        choices: ['text', 'json'],
        help: 'default: text on a terminal, json otherwise',
      },
      out,
      failOn,
      party,
      spec,
      rule,
      config,
      quiet,
      { name: 'no-color', value: null, help: 'no colour, as with the variable NO_COLOR' },
    ],
    examples: [
      ['What did the change do?', 'mcp-auth-inspector diff before.har after.har'],
      ['As data', 'mcp-auth-inspector diff before.har after.har --format json --fail-on never'],
    ],
  },
  {
    name: 'redact',
    operands: '<file.har> [--out path]',
    completes: 'file',
    summary: 'a HAR that is safe to share',
    about: [
      'Replaces each secret by an alias that is the same everywhere in the file, so that the story can still be followed: analysing the copy gives the same outcomes. Entries outside the story keep only what counts and times them.',
    ],
    options: [
      out,
      { name: 'redact', value: 'level', choices: ['full', 'tokens'], help: 'what is hidden; default: full' },
      allContent,
      conversation,
      quiet,
    ],
    examples: [['Attach it to an issue', 'mcp-auth-inspector redact session.har --out shared.har']],
  },
  {
    name: 'rules',
    operands: '',
    completes: 'nothing',
    summary: 'the catalogue of rules',
    about: ['Lists every rule with its party, its level, and the revision that first asks for it.'],
    options: [
      {
        name: 'format',
        value: 'format',
        choices: ['text', 'json', 'md'],
        help: 'default: text on a terminal, json otherwise',
      },
    ],
    examples: [['The rules for servers', "mcp-auth-inspector rules --format text | sed -n '/^server/,/^$/p'"]],
  },
  {
    name: 'explain',
    operands: '<rule-id>',
    completes: 'rule',
    summary: "one rule's page",
    about: [
      'Says why the rule matters, what the specification asks for, what passes, what fails, and what stays open.',
    ],
    options: [],
    examples: [['Why scopes must accumulate', 'mcp-auth-inspector explain sep-2350-scope-union-on-reauth']],
  },
  {
    name: 'completion',
    operands: shells.join('|'),
    completes: 'shell',
    summary: 'completion of commands, options and rule ids for a shell',
    about: ['Writes a script to be sourced by the shell.'],
    options: [],
    examples: [
      ['bash, for this session', 'source <(mcp-auth-inspector completion bash)'],
      ['zsh', 'mcp-auth-inspector completion zsh > ~/.zfunc/_mcp-auth-inspector'],
      ['fish', 'mcp-auth-inspector completion fish > ~/.config/fish/completions/mcp-auth-inspector.fish'],
    ],
  },
];

/** The command of that name; null when there is none. */
export function findCommand(name: string): CommandSpec | null {
  return commandSpecs.find((command) => command.name === name) ?? null;
}
