import { OrdinaryExchange } from '../../exchange/ordinary-exchange.ts';
import type { Analysis } from '../../report/analysis.ts';
import { asFields } from '../../report/redaction/entry.ts';

/** The log with every entry in it: those that were not kept whole come back as far as they were kept. */
export function wholeLog({ log, exchanges }: Analysis): unknown {
  const fields = asFields(log);
  const entries = fields?.entries;
  if (!Array.isArray(entries)) return log;
  return {
    ...fields,
    entries: exchanges.map((exchange, at) =>
      entries[at] === undefined && exchange instanceof OrdinaryExchange ? exchange.raw() : entries[at],
    ),
  };
}
