import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../src/report/analysis.ts';
import { analyze } from '../../src/report/analyze.ts';
import { annotatedHar, redactedHar } from '../../src/report/har.ts';
import { htmlReport } from '../../src/report/html/report.ts';
import { markdownReport } from '../../src/report/markdown/report.ts';
import { noNotes, readNotes, type SessionNotes } from '../../src/report/notes.ts';
import { stepUp, values } from '../cli/fixtures.ts';
import { har } from './hars.ts';

const session = analyze(har(stepUp('files:other')), { name: 'session.har' });
const written: SessionNotes = {
  name: 'Release 2, second try',
  notes: [
    { entry: 8, text: `here it sends ${values.refresh}`, pinned: true },
    { entry: null, text: 'Only with a new account.', pinned: false },
    { entry: 2, text: '', pinned: true },
  ],
};
const noted: Analysis = { ...session, notes: written };

describe('a notebook', () => {
  it('travels in the annotated HAR and comes back, without the secret it quotes', () => {
    const text = annotatedHar(noted);
    expect(text).not.toContain(values.refresh);
    const { log } = JSON.parse(text);
    expect(log._mcpAuth).toMatchObject({ schema: 'mcp-auth-inspector/result/1', name: written.name });
    expect(log.entries[8].comment).toContain('Note: here it sends rt-1');
    const again = analyze(JSON.parse(text), { name: 'again.har' });
    expect(again.notes).toEqual({
      name: written.name,
      notes: [{ entry: 8, text: 'here it sends rt-1', pinned: true }, written.notes[1], written.notes[2]],
    });
    expect(JSON.parse(annotatedHar(again)).log.entries[8].comment).toBe(log.entries[8].comment);
  });

  it('changes no outcome', () => {
    const plain = JSON.parse(annotatedHar(session)).log;
    const other = JSON.parse(annotatedHar(noted)).log;
    expect(other._mcpAuth.outcomes).toEqual(plain._mcpAuth.outcomes);
    expect(plain._mcpAuth).not.toHaveProperty('notes');
    expect(plain.entries[0]).toEqual(other.entries[0]);
  });

  it('is shown in the reports', () => {
    for (const text of [htmlReport(noted), markdownReport(noted)]) {
      expect(text).toContain('Release 2, second try');
      expect(text).toContain('Only with a new account.');
      expect(text).not.toContain(values.refresh);
    }
    expect(redactedHar(noted)).not.toContain('second try');
  });

  it('is text, whatever it says', () => {
    const hostile = '<img src=x onerror=alert(1)> [x](javascript:1) \u202e\u0007';
    const notes = { name: hostile, notes: [{ entry: 0, text: hostile, pinned: false }] };
    const [page, markdown] = [htmlReport({ ...session, notes }), markdownReport({ ...session, notes })];
    for (const text of [page, markdown]) {
      expect(text).not.toContain('\u202e');
      expect(text).not.toContain('\u0007');
    }
    for (const text of [page, marked.parse(markdown, { async: false })]) {
      expect(text).not.toContain('<img');
      expect(text).not.toContain('href="javascript');
    }
  });

  it('of a stranger is read leniently and never throws', () => {
    expect(readNotes({ _mcpAuth: { notes: [{ entry: 5, text: 'no such entry', pinned: true }] } })).toBe(noNotes);
    expect(
      readNotes({ entries: [{}], _mcpAuth: { notes: [7, { entry: 0, text: 'x' }, { entry: '0', text: 'y' }] } }),
    ).toEqual({
      name: null,
      notes: [{ entry: 0, text: 'x', pinned: false }],
    });
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (notes, name) => {
        const read = readNotes({ entries: [{}, {}], _mcpAuth: { notes, name } });
        for (const { entry, text } of read.notes) {
          expect(entry === null || entry < 2).toBe(true);
          expect(typeof text).toBe('string');
        }
      }),
    );
  });
});
