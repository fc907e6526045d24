import { QUOTE, stringAt } from './json-bytes.ts';
import { readTime } from './read-har.ts';

/** The parts of `"2026-01-31T23:59:59.999Z"`: where each stands behind the quote, and how many digits it has. */
const YEAR = 1;
const MONTH = 6;
const DAY = 9;
const HOUR = 12;
const MINUTE = 15;
const SECOND = 18;
const MILLISECOND = 21;
const LENGTH = 26;
const signs: readonly (readonly [at: number, sign: number])[] = [...'----T::.Z"'].flatMap((sign, index) => {
  const at = [5, 8, -1, -1, 11, 14, 17, 20, 24, 25][index] ?? -1;
  return at < 0 ? [] : [[at, sign.charCodeAt(0)] as const];
});

/**
 * The time that the JSON string at these bytes (quotes included) tells, milliseconds since the epoch, as `readTime`
 * does; what Chromium and Firefox write is read without making a string of it.
 */
export function readTimeAt(bytes: Uint8Array, from: number, to: number): number {
  return usualTime(bytes, from, to) ?? readTime(stringAt(bytes, from, to));
}

function usualTime(bytes: Uint8Array, from: number, to: number): number | null {
  if (to - from !== LENGTH || bytes[from] !== QUOTE) return null;
  for (const [at, sign] of signs) if (bytes[from + at] !== sign) return null;
  const year = digits(bytes, from + YEAR, 4);
  const month = digits(bytes, from + MONTH, 2);
  const day = digits(bytes, from + DAY, 2);
  const hour = digits(bytes, from + HOUR, 2);
  const minute = digits(bytes, from + MINUTE, 2);
  const second = digits(bytes, from + SECOND, 2);
  const millisecond = digits(bytes, from + MILLISECOND, 3);
  // Rare and doubtful dates are the parser's.
  if (!(year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= 28)) return null;
  if (!(hour <= 23 && minute <= 59 && second <= 59 && millisecond >= 0)) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

/** The number that so many digits make; NaN when one is none. */
function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
