/**
 * AssemblyScript, compiled to WebAssembly when the command line is built: the walks of `exchange/json-bytes.ts`,
 * sixteen bytes at a time. All offsets are the memory's own, and sixteen bytes behind `to` can be read.
 */

const QUOTE: u8 = 0x22;
const BACKSLASH: u8 = 0x5c;
/** Brackets with this bit set are braces. */
const FOLD: u8 = 0x20;
const OPEN_OBJECT: u8 = 0x7b;
const CLOSE_OBJECT: u8 = 0x7d;
const UNFINISHED: i32 = -1;

/** The offset behind the closing quote of the string that opens at `from`. */
export function skipString(from: i32, to: i32): i32 {
  const quote = i8x16.splat(QUOTE);
  const backslash = i8x16.splat(BACKSLASH);
  // Whether the block's first byte is escaped.
  let carry = 0;
  for (let at = from + 1; at < to; at += 16) {
    const block = v128.load(at);
    let quotes = i8x16.bitmask(i8x16.eq(block, quote));
    const slashes = i8x16.bitmask(i8x16.eq(block, backslash));
    if ((slashes | carry) !== 0) {
      const escaped = escapedBy(slashes & ~carry) | carry;
      quotes &= ~escaped;
      carry = escaped >> 16;
    }
    if (quotes !== 0) {
      const end = at + ctz(quotes) + 1;
      return end <= to ? end : UNFINISHED;
    }
  }
  return UNFINISHED;
}

/** Where a backslash that is none's own stands before a byte: a bit for each byte of a block and the one behind it. */
function escapedBy(slashes: i32): i32 {
  if ((slashes & (slashes << 1)) === 0) return slashes << 1;
  let escaped = 0;
  for (let left = slashes; left !== 0; ) {
    const lowest = left & -left;
    escaped |= lowest << 1;
    left &= ~(lowest | (lowest << 1));
  }
  return escaped;
}

/** The offset behind the object or array that opens at `from`; brackets are counted, not matched by kind. */
export function skipNested(from: i32, to: i32): i32 {
  const quote = i8x16.splat(QUOTE);
  const fold = i8x16.splat(FOLD);
  const open = i8x16.splat(OPEN_OBJECT);
  const close = i8x16.splat(CLOSE_OBJECT);
  let depth = 0;
  for (let at = from; at < to; ) {
    const block = v128.load(at);
    const folded = v128.or(block, fold);
    const quotes = i8x16.bitmask(i8x16.eq(block, quote));
    const opens = i8x16.bitmask(i8x16.eq(folded, open));
    let left = quotes | opens | i8x16.bitmask(i8x16.eq(folded, close));
    let next = at + 16;
    while (left !== 0) {
      const index = ctz(left);
      const bit = 1 << index;
      if (at + index >= to) return UNFINISHED;
      if ((quotes & bit) !== 0) {
        const end = skipString(at + index, to);
        if (end < 0) return end;
        if (end >= at + 16) {
          next = end;
          break;
        }
        left &= -1 << (end - at);
      } else {
        depth += (opens & bit) !== 0 ? 1 : -1;
        if (depth === 0) return at + index + 1;
        left &= left - 1;
      }
    }
    at = next;
  }
  return UNFINISHED;
}
