import type { Story } from '../../../story/model.ts';

/** Shorter values are not recognised in altered ones. */
const MIN_LENGTH = 16;

/** The access tokens that token responses of the log issued, and whether another value was made from one of them. */
export class IssuedValues {
  readonly #values: ReadonlySet<string>;
  readonly #sorted: readonly string[];
  /** By their last characters, which differ from token to token. */
  readonly #byEnd = new Map<string, string[]>();

  constructor({ tokens }: Story) {
    const issued = tokens.flatMap(({ kind, issuedBy, value }) => (kind === 'access' && issuedBy ? [value] : []));
    this.#values = new Set(issued);
    this.#sorted = [...this.#values].filter(({ length }) => length >= MIN_LENGTH).sort();
    for (const value of this.#sorted) {
      const end = value.slice(-MIN_LENGTH);
      const same = this.#byEnd.get(end);
      if (same) same.push(value);
      else this.#byEnd.set(end, [value]);
    }
  }

  has(value: string): boolean {
    return this.#values.has(value);
  }

  /** How a value came from an issued token, in words that follow "its access token"; null when it did not. */
  likeness(value: string): string | null {
    const unquoted = unquote(value);
    if (unquoted !== value && this.has(unquoted)) return 'in quotation marks';
    const bare = withoutScheme(unquoted);
    if (bare !== unquoted && this.has(unquote(bare))) return 'with the scheme twice';
    if (value.includes('%') && this.has(decoded(value))) return 'in percent-encoding';
    if (value.length < MIN_LENGTH) return null;
    if (this.#sorted[this.#place(value)]?.startsWith(value)) return 'cut short';
    const ends = this.#byEnd.get(value.slice(-MIN_LENGTH)) ?? [];
    return ends.some((issued) => value.endsWith(issued)) ? 'with something before it' : null;
  }

  /** Index of the first issued value that is not before this one. */
  #place(value: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] ?? '') < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function unquote(value: string): string {
  const quote = value.charAt(0);
  const quoted = (quote === '"' || quote === "'") && value.length > 1 && value.endsWith(quote);
  return quoted ? value.slice(1, -1) : value;
}

function withoutScheme(value: string): string {
  const lower = value.slice(0, 7).toLowerCase();
  return lower === 'bearer ' ? value.slice(7).trim() : value;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
