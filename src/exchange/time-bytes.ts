import { QUOTE, stringAt } from './json-bytes.ts';
import { readTime } from './read-har.ts';

/** The parts of `"2026-01-31T23:59:59.999Z"`: where each stands behind the quote. */
const YEAR = 1;
const MONTH = 6;
const DAY = 9;
const HOUR = 12;
const MINUTE = 15;
const SECOND = 18;
const MILLISECOND = 21;
const LENGTH = 26;
const [DASH, COLON, POINT, LETTER_T, LETTER_Z] = [0x2d, 0x3a, 0x2e, 0x54, 0x5a];

/**
 * The time that the JSON string at these bytes (quotes included) tells, milliseconds since the epoch, as `readTime`
 * does; what Chromium and Firefox write is read without making a string of it.
 */
export function readTimeAt(bytes: Uint8Array, from: number, to: number): number {
  return usualTime(bytes, from, to) ?? readTime(stringAt(bytes, from, to));
}

function usualTime(bytes: Uint8Array, from: number, to: number): number | null {
  if (to - from !== LENGTH || !hasSigns(bytes, from)) return null;
  const year = twoDigits(bytes, from + YEAR) * 100 + twoDigits(bytes, from + YEAR + 2);
  const month = twoDigits(bytes, from + MONTH);
  const day = twoDigits(bytes, from + DAY);
  const hour = twoDigits(bytes, from + HOUR);
  const minute = twoDigits(bytes, from + MINUTE);
  const second = twoDigits(bytes, from + SECOND);
  const millisecond = twoDigits(bytes, from + MILLISECOND) * 10 + digit(bytes, from + MILLISECOND + 2);
  // Rare and doubtful dates are the parser's.
  if (!(year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= 28)) return null;
  if (!(hour <= 23 && minute <= 59 && second <= 59 && millisecond >= 0)) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

function hasSigns(bytes: Uint8Array, from: number): boolean {
  return (
    bytes[from] === QUOTE &&
    bytes[from + MONTH - 1] === DASH &&
    bytes[from + DAY - 1] === DASH &&
    bytes[from + HOUR - 1] === LETTER_T &&
    bytes[from + MINUTE - 1] === COLON &&
    bytes[from + SECOND - 1] === COLON &&
    bytes[from + MILLISECOND - 1] === POINT &&
    bytes[from + LENGTH - 2] === LETTER_Z &&
    bytes[from + LENGTH - 1] === QUOTE
  );
}

/** The number that two digits make; NaN when one is none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  return digit(bytes, at) * 10 + digit(bytes, at + 1);
}

function digit(bytes: Uint8Array, at: number): number {
  const value = (bytes[at] ?? 0) - 0x30;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}
