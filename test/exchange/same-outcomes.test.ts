import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/report/analyze.ts';
import { analyzeStream } from '../../src/report/analyze-stream.ts';
import { redactedResult, resultJson } from '../../src/report/json.ts';
import { defaultRedaction } from '../../src/report/redaction/redact.ts';
import { corpus } from '../report/hars.ts';

const recordings = corpus();

async function* chunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

describe.skipIf(recordings.length === 0)('a recording of the corpus', () => {
  it.each(recordings.map(({ name, har }) => [name, har] as const))(
    '%s has the same result as a stream',
    async (_, har) => {
      const whole = analyze(har, { name: 'x' });
      const streamed = await analyzeStream(chunks(JSON.stringify(har), 10_000), { name: 'x' });
      expect(streamed.result).toEqual(whole.result);
      expect(resultJson([redactedResult(streamed, defaultRedaction)])).toBe(
        resultJson([redactedResult(whole, defaultRedaction)]),
      );
    },
  );
});
