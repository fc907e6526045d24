import type { Outcome } from '../rules/outcome.ts';
import type { Role, RoleKind } from '../story/model.ts';
import type { Analysis } from './analysis.ts';
import { isEmpty, type SessionNotes } from './notes.ts';
import { asFields, type Fields } from './redaction/entry.ts';
import { defaultExport, type ExportOptions, shareable } from './share.ts';
import { validLog } from './valid-har.ts';
import { version } from './version.ts';

/** HAR 1.2 text of a session, redacted unless told otherwise, with this tool's notes on it. */
export function annotatedHar(analysis: Analysis, options: ExportOptions = defaultExport): string {
  return `${JSON.stringify({ log: annotate(shareable(analysis, options)) }, null, 2)}\n`;
}

/** HAR 1.2 text of a session's redacted copy, without notes but for the mark that it is one. */
export function redactedHar(analysis: Analysis, options: ExportOptions = defaultExport): string {
  const { log } = shareable(analysis, options);
  return `${JSON.stringify({ log: validLog(asFields(log) ?? {}) }, null, 2)}\n`;
}

/**
 * The analysed log with its result in `log._mcpAuth` and each story entry's part in
 * `entry._mcpAuth` and `entry.comment`. Earlier notes are replaced, never nested.
 */
export function annotate(analysis: Analysis): Fields {
  const log = validLog(asFields(analysis.log) ?? {});
  const { _mcpAuth, _source, entries, creator, ...rest } = log;
  const notes = outcomesByEntry(analysis.result.outcomes);
  const written = textsByEntry(analysis.notes);
  return {
    ...rest,
    creator: { name: analysis.result.tool.name, version },
    _source:
      asFields(creator)?.name === analysis.result.tool.name && _source !== undefined ? _source : (creator ?? null),
    _mcpAuth: {
      ...analysis.result,
      ...(isEmpty(analysis.notes) ? {} : analysis.notes),
      ...(analysis.view ? { view: analysis.view } : {}),
    },
    entries: (Array.isArray(entries) ? entries : []).map((entry: unknown, index) =>
      annotateEntry(
        asFields(entry) ?? {},
        analysis.story.roles.get(index),
        notes.get(index) ?? [],
        analysis.result.outcomes,
        written.get(index) ?? [],
      ),
    ),
  };
}

/** For each entry, the outcomes that point at it. */
function outcomesByEntry(outcomes: readonly Outcome[]): ReadonlyMap<number, readonly number[]> {
  const notes = new Map<number, number[]>();
  for (const [index, outcome] of outcomes.entries()) {
    for (const entry of new Set(outcome.evidence.map((evidence) => evidence.entry))) {
      const known = notes.get(entry);
      if (known === undefined) notes.set(entry, [index]);
      else known.push(index);
    }
  }
  return notes;
}

/** For each entry, what a person noted on it. */
function textsByEntry({ notes }: SessionNotes): ReadonlyMap<number, readonly string[]> {
  const texts = new Map<number, string[]>();
  for (const { entry, text } of notes) {
    if (entry === null || text === '') continue;
    const known = texts.get(entry);
    if (known === undefined) texts.set(entry, [text]);
    else known.push(text);
  }
  return texts;
}

function annotateEntry(
  entry: Fields,
  role: Role | undefined,
  notes: readonly number[],
  outcomes: readonly Outcome[],
  written: readonly string[],
): Fields {
  const { _mcpAuth, comment, ...rest } = entry;
  if (role === undefined && notes.length === 0 && written.length === 0)
    return comment === undefined ? rest : { ...rest, comment };
  const sentences = notes.flatMap((index) => {
    const outcome = outcomes[index];
    if (outcome === undefined || (outcome.kind !== 'fail' && outcome.kind !== 'informational')) return [];
    return [`${outcome.level === 'none' ? 'info' : outcome.level}: ${outcome.message} (${outcome.rule})`];
  });
  const title = role === undefined ? [] : [roleWords[role.kind]];
  return {
    ...rest,
    comment: [...title, ...written.map((text) => `Note: ${text}`), ...sentences].join('\n'),
    _mcpAuth: {
      role: role?.kind ?? null,
      server: role?.server ?? null,
      grant: role?.grant ?? null,
      tokens: role?.tokens ?? [],
      outcomes: notes,
    },
  };
}

/** What each kind of exchange is called in a sentence. */
export const roleWords: Readonly<Record<RoleKind, string>> = {
  mcp: 'MCP request',
  'protected-resource-metadata': 'Protected resource metadata',
  'authorization-server-metadata': 'Authorization server metadata',
  'client-id-metadata-document': 'Client ID metadata document',
  registration: 'Client registration',
  'pushed-authorization-request': 'Pushed authorization request',
  'authorization-request': 'Authorization request',
  'authorization-page': 'Page of the authorization server',
  'authorization-response': 'Authorization response',
  'token-request': 'Token request',
  refresh: 'Refresh',
  revocation: 'Token revocation',
  'end-session': 'End of session',
  introspection: 'Token introspection',
  userinfo: 'UserInfo request',
  jwks: 'JSON Web Key Set',
  model: 'Request to a language model',
};
