import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type KeptIndex,
  keepEntries,
  keptForm,
  longestKeptBody,
  readIndex,
  readStored,
  storedForm,
} from '../../src/capture/keeping.ts';

const session = { since: 1, at: 10 };

test('authorization stays whole, MCP is cut and marked, the rest is not kept', () => {
  const long = 'x'.repeat(longestKeptBody + 1);
  const call = {
    request: {
      method: 'POST',
      url: 'https://s.example/mcp',
      headers: [],
      postData: { mimeType: 'application/json', text: `{"jsonrpc":"2.0"}${long}` },
    },
    response: { status: 200, headers: [], content: { size: 9, text: long } },
  };
  expect(keptForm(call)).toMatchObject({ auth: false, entry: { response: { content: { _truncated: true } } } });
  const refused = { ...call, response: { ...call.response, status: 401 } };
  expect(keptForm(refused)).toEqual({ auth: true, entry: refused });
  expect(
    keptForm({
      request: { method: 'GET', url: 'https://s.example/a.png', headers: [] },
      response: { status: 200, headers: [] },
    }),
  ).toBeNull();
});

test('never more than the room, the oldest session first, its own calls before its authorizations', () => {
  const entries = fc.array(fc.record({ place: fc.nat(30), size: fc.nat(40), auth: fc.boolean() }), { maxLength: 20 });
  fc.assert(
    fc.property(entries, entries, fc.integer({ min: 50, max: 400 }), (mine, others, room) => {
      const before: KeptIndex = keepEntries({}, '2', { since: 2, at: 5 }, others, 1e9).index;
      const { index, gone } = keepEntries(before, '1', session, mine, room);
      const kept = Object.values(index).flatMap((one) => one.entries);
      expect(kept.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(room);
      if (index['2'] === undefined && (index['1']?.dropped ?? 0) === 0) return;
      if ((index['1']?.dropped ?? 0) > 0)
        expect(
          index['2'] === undefined ||
            (before['2']?.entries.length ?? 0) === 0 ||
            before['2']?.entries.every(({ size }) => size === 0),
        ).toBeTruthy();
      const goneAuth = gone.some(
        ({ tab, place }) => tab === '1' && mine.findLast((one) => one.place === place)?.auth === true,
      );
      if (goneAuth) expect(index['1']?.entries.every(({ auth }) => auth)).toBe(true);
    }),
  );
});

test('what is stored is read as it was; what is no index is an empty one', () => {
  const entries = fc.array(fc.record({ place: fc.nat(30), size: fc.nat(40), auth: fc.boolean() }), { maxLength: 9 });
  const kept = fc.record({ since: fc.nat(), at: fc.nat(), entries, dropped: fc.nat() });
  fc.assert(
    fc.property(fc.dictionary(fc.nat(99).map(String), kept), (index) => {
      expect(readIndex(storedForm(index))).toEqual(index);
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (stored) => {
      expect(typeof readIndex(stored)).toBe('object');
      expect(typeof readStored(stored)).toBe('object');
    }),
  );
  expect([readIndex(undefined), readIndex('{'), readStored('[]'), readStored({ a: 1 })]).toEqual([{}, {}, {}, {}]);
});
