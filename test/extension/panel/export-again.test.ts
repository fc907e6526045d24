import { expect, test } from 'vitest';
import { readHarFile } from '../../../src/capture/har-file.ts';
import { exportSession } from '../../../src/extension/panel/exports.ts';
import { wholeLog } from '../../../src/extension/panel/whole-log.ts';
import { analyze } from '../../../src/report/analyze.ts';
import { defaultRedaction } from '../../../src/report/redaction/options.ts';
import { browsingEntries } from '../../bench/browsing.ts';
import { longSession } from '../../bench/session.ts';

interface Entry {
  readonly startedDateTime: string;
  readonly request: { readonly url: string; readonly headers: readonly object[] };
  readonly response: { readonly status: number; readonly content: { readonly size: number; readonly text?: string } };
}

const calls = longSession(20) as readonly unknown[] as readonly Entry[];
const others = [
  ...browsingEntries(400, Date.parse(calls[0]?.startedDateTime ?? '')),
] as readonly unknown[] as readonly Entry[];
/** Ordinary traffic with a session in the midst of it. */
const entries = [...others.slice(0, 200), ...calls, ...others.slice(200)];

/** Reads the log as the panel reads a file that is too large to be kept whole. */
async function imported() {
  const text = JSON.stringify({ log: { version: '1.2', creator: { name: 'test', version: '1' }, entries } });
  const { stream } = { stream: () => new Blob([text]).stream() };
  const read = await readHarFile({ name: 'long.har', size: 100_000_000, stream });
  if (!read.ok) throw new Error(read.failure.problem);
  return read.analysis;
}

test('a large recording that was read as a stream is exported without holes', async () => {
  const analysis = await imported();
  const kept = (analysis.log as { readonly entries: readonly unknown[] }).entries;
  // It is not trivially whole: what cannot matter was not kept.
  expect(Object.keys(kept).length).toBeLessThan(entries.length / 2);
  const whole = { ...analysis, log: wholeLog(analysis) };
  for (const allContent of [false, true]) {
    const file = await exportSession(whole, 'har', { ...defaultRedaction, allContent });
    const log = JSON.parse(file.text).log as { readonly entries: readonly Entry[] };
    expect(log.entries).toHaveLength(entries.length);
    for (const [at, entry] of log.entries.entries()) {
      expect(entry).not.toBeNull();
      const before = entries[at] as Entry;
      const path = new URL(before.request.url).pathname;
      expect(new URL(entry.request.url).pathname).toBe(path);
      expect(entry.response.status).toBe(before.response.status);
      expect(entry.response.content.size).toBe(before.response.content.size);
      expect(Date.parse(entry.startedDateTime)).toBe(Date.parse(before.startedDateTime));
    }
    // What comes back says the same.
    const again = analyze(JSON.parse(file.text), { name: 'again.har' });
    const said = ({ result }: typeof analysis) =>
      result.outcomes.map(({ rule, kind, level, evidence }) => [rule, kind, level, evidence[0]?.entry]);
    expect(said(again)).toEqual(said(analysis));
  }
});
