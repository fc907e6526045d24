import type { Exchange } from '../../../exchange/exchange.ts';
import { readEntry } from '../../../exchange/read-har.ts';
import type { Analysis } from '../../../report/analysis.ts';
import type { Redaction } from '../../../report/redaction/redact.ts';

/** Exchanges up to which the whole session is read for secrets; of a longer one, what is not an everyday call. */
const mostRead = 5_000;

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

/** Of a long session only the entries that can name a secret of these: they themselves, and all beside MCP calls. */
export function around(analysis: Analysis, wanted: readonly number[]): Analysis {
  if (isShort(analysis)) return analysis;
  const log = analysis.log as { readonly entries?: readonly unknown[] };
  const { rolesBesideCalls } = analysis.story;
  const entries = log.entries?.map((one, at) => (wanted.includes(at) || rolesBesideCalls.has(at) ? one : null));
  return { ...analysis, log: { ...log, entries } };
}
