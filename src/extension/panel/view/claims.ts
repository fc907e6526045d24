import { strings } from '../strings.ts';

/** One claim of a JWT (RFC 7519 section 4.1, RFC 9068) as it is shown. */
export interface Claim {
  readonly name: string;
  readonly value: string;
  /** What it means, empty for claims without a registered meaning. */
  readonly meaning: string;
  /** Milliseconds since the epoch when the claim is a time, else null. */
  readonly time: number | null;
}

const times: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at']);

/** Header or claims in their own order, each with its meaning. */
export function claimsInWords(object: { readonly [name: string]: unknown }): Claim[] {
  return Object.entries(object).map(([name, value]) => ({
    name,
    value: plain(value),
    meaning: strings.claims[name] ?? '',
    time: times.has(name) && typeof value === 'number' && Math.abs(value) < 8.64e12 ? value * 1000 : null,
  }));
}

/** A JSON value in one line; strings without quotes, lists of strings separated by spaces. */
export function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(' ');
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return strings.tooDeep;
  }
}

/** A size in words: `812 B`, `3.4 KB`, `12 MB`; powers of ten. */
export function bytes(size: number): string {
  if (size < 1_000) return `${size} B`;
  const [share, unit] = size < 1_000_000 ? [size / 1_000, 'KB'] : [size / 1_000_000, 'MB'];
  return `${share < 9.95 ? share.toFixed(1) : Math.round(share)} ${unit}`;
}

/** A span of time in words: `4 min 12 s`, `58 min`, `2 h 5 min`, `3 days`. */
export function span(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (Math.abs(ms) < 1000) return `${Math.round(Math.abs(ms))} ms`;
  if (seconds < 60) return `${seconds} s`;
  if (minutes < 10) return `${minutes} min ${seconds % 60} s`;
  if (hours < 1) return `${minutes} min`;
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}
