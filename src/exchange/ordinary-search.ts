import { Needles } from './needles.ts';
import type { OrdinaryExchanges } from './ordinary.ts';
import type { OrdinaryExchange } from './ordinary-exchange.ts';

/**
 * The ordinary exchanges whose request may carry one of the secrets, in its URL, a header field or
 * its body, whatever the encoding around it: a longest run of letters and digits of the secret stands there.
 */
export function carriersOf(
  secrets: Iterable<string>,
  ordinary: OrdinaryExchanges,
  exchanges: readonly OrdinaryExchange[],
): OrdinaryExchange[] {
  const needles = new Needles([...secrets].map((secret) => (secret.length < WHOLE ? secret : longestRun(secret))));
  if (needles.size === 0) return [];
  const fields = new Int8Array(ordinary.fieldCount);
  const inField = (number: number): boolean => {
    if (fields[number] === 0) fields[number] = ordinary.fieldCarries(number, needles) ? 1 : -1;
    return fields[number] === 1;
  };
  return exchanges.filter(({ index }) => ordinary.carries(index, needles) || ordinary.someField(index, inField));
}

/** Shorter secrets are looked for as they are, aliases of a redacted copy. */
const WHOLE = 16;

function longestRun(text: string): string {
  let longest = '';
  for (const run of text.split(/[^A-Za-z0-9]/)) if (run.length > longest.length) longest = run;
  return longest;
}
