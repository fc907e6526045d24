import { performance } from 'node:perf_hooks';
import { vi } from 'vitest';

// A busy machine may be slow; what is asserted is a ratio.
vi.setConfig({ testTimeout: 60_000 });

/** Text of about n characters that repeats a piece. */
export function repeated(piece: string, n: number): string {
  return piece.repeat(Math.ceil(n / piece.length));
}

/**
 * How many times longer a reader takes for twice the input, the best of several rounds: about 2 when it
 * is linear, 4 when it is quadratic. Runs below a fifth of a millisecond are all noise, and count as linear.
 */
export function growth(read: (text: string) => unknown, input: (n: number) => string, n = 250_000): number {
  const once = flat(input(n));
  const twice = flat(input(2 * n));
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 40 && best > 3; round += 1) {
    const base = Math.min(time(read, once), time(read, once));
    const double = Math.min(time(read, twice), time(read, twice));
    best = Math.min(best, double < 0.2 ? 1 : double / Math.max(base, 0.05));
  }
  return best;
}

/** One flat string, so that no reader pays for joining what `repeat` left in pieces. */
function flat(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

function time(read: (text: string) => unknown, text: string): number {
  const start = performance.now();
  read(text);
  return performance.now() - start;
}
