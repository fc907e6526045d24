import { OrdinaryExchange } from '../../exchange/ordinary-exchange.ts';
import type { Analysis } from '../../report/analysis.ts';
import { asFields } from '../../report/redaction/entry.ts';

/** A log and its entries. */
export interface WholeLog {
  readonly [key: string]: unknown;
  readonly entries: readonly unknown[];
}

/** The log with every entry in it: those that were not kept whole come back as far as they were kept. */
export function wholeLog({ log, exchanges }: Analysis): WholeLog {
  const fields = asFields(log);
  const kept = fields?.entries;
  const entries: readonly unknown[] = Array.isArray(kept) ? kept : [];
  return {
    ...fields,
    entries: exchanges.map((exchange, at) =>
      entries[at] === undefined && exchange instanceof OrdinaryExchange ? exchange.raw() : entries[at],
    ),
  };
}
