import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exportFormats, exportSession } from '../../../src/extension/panel/exports.ts';
import { analyze } from '../../../src/report/analyze.ts';
import { noNotes } from '../../../src/report/notes.ts';
import { defaultRedaction } from '../../../src/report/redaction/redact.ts';

const sample = new URL('../../../src/extension/panel/sample/session.json', import.meta.url);
const password = 'correct-horse-battery-staple';

/** The sample with a live-looking secret in place of one of its aliases. */
function session() {
  const text = readFileSync(sample, 'utf8');
  const authorization = /"Bearer eyJ[^"]+"/.exec(text)?.[0] ?? '';
  expect(authorization).not.toBe('');
  const log = JSON.parse(
    text.replaceAll(authorization, `"Bearer ${password}"`).replaceAll(/"redacted": ?true/g, '"redacted":false'),
  );
  return { ...analyze(log, { name: 'my session/1.har' }), notes: noNotes };
}

describe.each(exportFormats)('as %s', (format) => {
  test('holds no secret, and is named after the session', async () => {
    const analysis = session();
    expect(JSON.stringify(analysis.log)).toContain(password);
    const file = await exportSession(analysis, format, defaultRedaction);
    expect(file.text.length).toBeGreaterThan(1_000);
    expect(file.text).not.toContain(password);
    expect(file.name.startsWith('my-session-1.')).toBe(true);
    const named = { ...analysis, notes: { name: 'Try/2', notes: [] } };
    expect((await exportSession(named, format, defaultRedaction)).name.startsWith('Try-2.')).toBe(true);
  });
});
