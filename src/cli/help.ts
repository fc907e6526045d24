import { version } from '../report/version.ts';

/** The text of `--help`. */
export function help(): string {
  return `mcp-auth-inspector ${version}
Reads recorded traffic of an MCP client and says what is wrong with its authorization, why, and how to mend it.

  mcp-auth-inspector analyze <file.har>... [-]   analyse recorded traffic ('-' reads standard input)
      --format text|json|har|html    default: text on a terminal, json otherwise
      --out <path>                   write there (a folder when several inputs); default: standard output
      --fail-on error|warning|note|never
                                     exit with 1 from this level on; default: warning
      --party client|server|authorization-server|all
                                     whose faults --fail-on counts; default: client
      --spec auto|2025-03-26|2025-06-18|2025-11-25|2026-07-28
                                     the MCP revision to judge by; default: auto, as negotiated
      --rule <id>=off|error|warning|note
                                     a rule's level (repeatable)
      --config <file.json>           { "failOn", "party", "spec", "rules": { "<id>": "<level>" } }
      --redact full|tokens|none      what exports hide; default: full; none asks first unless --yes
      --all-content                  entries outside the story keep their content, redacted
      --conversation                 tool arguments, results and model messages stay readable
      --quiet                        no warnings about the input
      --no-color                     as does the variable NO_COLOR
      --progress auto|always|never
  mcp-auth-inspector rules [--format text|json|md]   the catalogue
  mcp-auth-inspector explain <rule-id>               one rule's page
  mcp-auth-inspector redact <file.har> [--out path]  a HAR that is safe to share
  mcp-auth-inspector --help | --version

Exit status: 0 nothing at or above --fail-on; 1 something; 2 the call or an input is unusable.`;
}
