/**
 * AssemblyScript, compiled to WebAssembly when the command line is built: the searches of `exchange/scanner.ts`,
 * sixteen bytes at a time. All offsets are the memory's own, and 32 bytes behind `to` can be read.
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

/**
 * Tables at the memory's beginning, of texts that are looked for, whose case does not matter. For each of the first
 * four bytes of a text sixteen bytes by its lower half, then as many by its upper half: a bit for each of eight
 * groups of texts. Behind them a bit for each hash of such four bytes.
 */
const HASHES: i32 = 128;

/** The first offset from `from` on where the first four bytes of a text stand, or others of the same hash; or -1. */
export function findStart(from: i32, to: i32): i32 {
  const fold = i8x16.splat(FOLD);
  const half = i8x16.splat(0x0f);
  for (let at = from; at + 4 <= to; at += 16) {
    let groups = groupsOf(v128.or(v128.load(at), fold), half, 0);
    groups = v128.and(groups, groupsOf(v128.or(v128.load(at, 1), fold), half, 32));
    groups = v128.and(groups, groupsOf(v128.or(v128.load(at, 2), fold), half, 64));
    groups = v128.and(groups, groupsOf(v128.or(v128.load(at, 3), fold), half, 96));
    if (!v128.any_true(groups)) continue;
    for (let left = i8x16.bitmask(i8x16.ne(groups, i8x16.splat(0))); left !== 0; left &= left - 1) {
      const start = at + ctz(left);
      if (start + 4 > to) return -1;
      const hash = ((load<u32>(start) | 0x20202020) * 0x9e3779b1) >>> 16;
      if ((load<u8>(HASHES + (hash >> 3)) & (1 << (hash & 7))) !== 0) return start;
    }
  }
  return -1;
}

/** Of each byte, the groups of texts that have one with the same halves at this place. */
function groupsOf(bytes: v128, half: v128, table: usize): v128 {
  const lower = i8x16.swizzle(v128.load(table), v128.and(bytes, half));
  const upper = i8x16.swizzle(v128.load(table, 16), v128.and(i16x8.shr_u(bytes, 4), half));
  return v128.and(lower, upper);
}
