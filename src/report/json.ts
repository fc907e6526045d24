import type { Analysis } from './analysis.ts';
import { type RedactionOptions, redact } from './redaction/redact.ts';
import type { Result } from './result.ts';

/** The result for a reader that has the original file: character ranges point into it, texts are redacted. */
export function redactedResult(analysis: Analysis, redaction: RedactionOptions): Result {
  return redact(analysis, redaction).result(analysis.result);
}

/**
 * JSON text of one result, or an array of several; the same results give the same bytes. Ends with a newline.
 * `asList`: an array also of one, where several inputs were given and only one could be read.
 */
export function resultJson(results: readonly Result[], asList = results.length !== 1): string {
  const [only] = results;
  return `${JSON.stringify(asList ? results : only, null, 2)}\n`;
}
