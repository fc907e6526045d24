import fc from 'fast-check';
import { expect, test } from 'vitest';
import sample from '../../src/extension/panel/sample/session.json' with { type: 'json' };
import { Session } from '../../src/report/analyze.ts';

const entries: readonly Record<string, unknown>[] = sample.log.entries;

/** The entry while its answer is open. */
function open(entry: Record<string, unknown>): Record<string, unknown> {
  const response = entry.response as Record<string, unknown>;
  return { ...entry, time: 0, _pending: true, response: { ...response, content: { size: -1, mimeType: '' } } };
}

function facts(session: Session): unknown {
  const { result, exchanges } = session.analysis();
  return { ...result, exchanges: exchanges.map(({ entry, url, pending }) => ({ entry, url, pending })) };
}

test.each(['all', 'story'] as const)(
  'completing open exchanges in place, in any order, tells the story of the whole ones (%s kept)',
  (keep) => {
    const whole = new Session({ name: 'live', keep });
    for (const entry of entries) whole.add(entry);
    const expected = facts(whole);
    const steps = fc.record({
      opened: fc.uniqueArray(fc.nat(entries.length - 1), { maxLength: 8 }),
      lookAfter: fc.nat(entries.length),
    });
    fc.assert(
      fc.property(steps, ({ opened, lookAfter }) => {
        const session = new Session({ name: 'live', keep });
        for (const [index, entry] of entries.entries()) {
          if (index === lookAfter) session.analysis();
          session.add(opened.includes(index) ? open(entry) : entry);
        }
        session.analysis();
        for (const index of opened) {
          session.replace(index, entries[index]);
          if (index % 2 === 0) session.analysis();
        }
        expect(facts(session)).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  },
);

test('an open exchange is pending, its body is missing, and its context is known by name only', () => {
  const session = new Session({ name: 'live' });
  const [first = {}] = entries;
  session.add({ ...open(first), _context: 'popup' });
  session.add({ ...first, _context: 'window' });
  const [pending, plain] = session.exchanges;
  expect(pending).toMatchObject({ pending: true, context: 'popup', response: { body: { state: 'missing' } } });
  expect(plain).toMatchObject({ pending: false, context: null });
});
