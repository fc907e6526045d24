import type { Result } from './result.ts';

/**
 * One line: the result object of one input, ended by a newline. The lines of many
 * inputs make newline-delimited JSON, in the order of the inputs.
 */
export function ndjsonLine(result: Result): string {
  // JSON text holds no line break of its own; U+2028 and U+2029 are one to some readers.
  return `${JSON.stringify(result).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`;
}
