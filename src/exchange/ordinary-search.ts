import type { OrdinaryExchange, OrdinaryExchanges } from './ordinary.ts';

/**
 * The ordinary exchanges whose request may carry one of the secrets, in its URL, a header field or
 * its body, whatever the encoding around it: a longest run of letters and digits of the secret stands there.
 */
export function carriersOf(
  secrets: Iterable<string>,
  ordinary: OrdinaryExchanges,
  exchanges: readonly OrdinaryExchange[],
): OrdinaryExchange[] {
  const needles = new Needles(secrets);
  if (needles.size === 0) return [];
  const fields = new Int8Array(ordinary.fieldCount);
  const inField = (number: number): boolean => {
    if (fields[number] === 0) fields[number] = needles.isIn(ordinary.fieldText(number)) ? 1 : -1;
    return fields[number] === 1;
  };
  return exchanges.filter(({ index }) => {
    for (const bytes of ordinary.requestBytes(index)) if (needles.isIn(bytes)) return true;
    for (const number of ordinary.fieldNumbers(index)) if (inField(number)) return true;
    return false;
  });
}

/** Shorter runs stand everywhere by chance. */
const SHORTEST = 4;

/** Many short texts looked for at once: by their first four bytes. */
class Needles {
  readonly #byStart = new Map<number, Uint8Array[]>();
  readonly #starts = new Uint8Array(1 << 16);

  constructor(secrets: Iterable<string>) {
    const encoder = new TextEncoder();
    for (const secret of secrets) {
      const needle = encoder.encode(secret.length < 16 ? secret : longestRun(secret));
      if (needle.length < SHORTEST) continue;
      const start = startOf(needle, 0);
      this.#starts[slotOf(start)] = 1;
      const same = this.#byStart.get(start);
      if (same) same.push(needle);
      else this.#byStart.set(start, [needle]);
    }
  }

  get size(): number {
    return this.#byStart.size;
  }

  isIn(bytes: Uint8Array): boolean {
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      start = (start << 8) | (bytes[at] ?? 0);
      if (at < SHORTEST - 1 || this.#starts[slotOf(start)] === 0) continue;
      for (const needle of this.#byStart.get(start) ?? []) if (standsAt(needle, bytes, at - SHORTEST + 1)) return true;
    }
    return false;
  }
}

function startOf(bytes: Uint8Array, at: number): number {
  let start = 0;
  for (let index = 0; index < SHORTEST; index += 1) start = (start << 8) | (bytes[at + index] ?? 0);
  return start;
}

function slotOf(start: number): number {
  return Math.imul(start, 0x9e3779b1) >>> 16;
}

function standsAt(needle: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < needle.length; index += 1) if (bytes[at + index] !== needle[index]) return false;
  return true;
}

function longestRun(text: string): string {
  let longest = '';
  for (const run of text.split(/[^A-Za-z0-9]/)) if (run.length > longest.length) longest = run;
  return longest;
}
