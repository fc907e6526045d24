import { vi } from 'vitest';

// A busy machine may be slow; what is asserted is how processor time grows.
vi.setConfig({ testTimeout: 60_000 });

/** Text of about n characters that repeats a piece. */
export function repeated(piece: string, n: number): string {
  return piece.repeat(Math.ceil(n / piece.length));
}

/** How many times longer the longer text is: enough that leaving the young generation, once, decides nothing. */
const factor = 16;

/**
 * The power with which a reader's time grows from n characters to sixteen times n: about 1 when it is linear, up
 * to 1.4 when what it makes outgrows the young generation, 2 when it is quadratic. It takes the quickest of
 * several runs, and stops when that is clear. Longer runs below a fifth of a millisecond are noise, and count as
 * linear.
 */
export function order(read: (text: string) => unknown, input: (n: number) => string, n = 25_000): number {
  const short = flat(input(n));
  const long = flat(input(factor * n));
  let shortTime = Number.POSITIVE_INFINITY;
  let longTime = Number.POSITIVE_INFINITY;
  let power = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 30 && power > 1.4; round += 1) {
    for (let run = 0; run < 4; run += 1) shortTime = Math.min(shortTime, time(read, short));
    longTime = Math.min(longTime, time(read, long));
    power = longTime < 0.2 ? 1 : Math.log(longTime / Math.max(shortTime, 0.01)) / Math.log(factor);
  }
  return power;
}

/** One flat string, so that no reader pays for joining what `repeat` left in pieces. */
function flat(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

/** Processor time of this process in ms: what other processes do meanwhile does not count. */
function time(read: (text: string) => unknown, text: string): number {
  const start = process.cpuUsage();
  read(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
