import type { Exchange } from '../../../exchange/exchange.ts';
import { readEntry } from '../../../exchange/read-har.ts';
import type { Analysis } from '../../../report/analysis.ts';
import type { Redaction } from '../../../report/redaction/redact.ts';

/** Exchanges up to which the whole session is read for secrets: a click must be answered at once. */
const mostRead = 300;
/** Of a longer session, how many exchanges beside MCP calls are read, those nearest before the one wanted. */
const mostAround = 100;

const redactions = new WeakMap<Analysis, Map<number, Redaction>>();

/** The redaction of a session, as every export has it; loads when first needed. */
async function redactionOf(analysis: Analysis, entry: number): Promise<Redaction> {
  const { defaultRedaction, redact } = await import('../../../report/redaction/redact.ts');
  const known = redactions.get(analysis) ?? new Map<number, Redaction>();
  redactions.set(analysis, known);
  const key = isShort(analysis) ? -1 : entry;
  const made = known.get(key) ?? redact(around(analysis, [entry]), { ...defaultRedaction, allContent: true });
  known.set(key, made);
  return made;
}

/** An exchange with every secret in it replaced by its alias. */
export async function redactedExchange(analysis: Analysis, entry: number): Promise<Exchange> {
  const { log } = await redactionOf(analysis, entry);
  const { entries } = log as { readonly entries?: readonly unknown[] };
  return readEntry(entries?.[entry], entry, [], 0);
}

function isShort(analysis: Analysis): boolean {
  return analysis.exchanges.length <= mostRead;
}

/**
 * Of a long session only the entries wanted, and the sign-ins before them. Tokens are known from the story whatever is
 * read, and other secrets by where they stand; the sign-ins tell apart what merely looks like one.
 */
export function around(analysis: Analysis, wanted: readonly number[]): Analysis {
  if (isShort(analysis)) return analysis;
  const log = analysis.log as { readonly entries?: readonly unknown[] };
  const last = Math.max(...wanted);
  const before = [...analysis.story.rolesBesideCalls.keys()].filter((entry) => entry <= last).slice(-mostAround);
  const read = new Set([...wanted, ...before]);
  return { ...analysis, log: { ...log, entries: log.entries?.map((one, at) => (read.has(at) ? one : null)) } };
}
