import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSearch, readWords, searchFields } from '../../../../../src/extension/panel/view/search/parse.ts';
import { order, repeated } from '../../../../linear.ts';

describe('parseSearch', () => {
  test('reads fields, negation, quotes, alternatives and free text', () => {
    expect(parseSearch('server:Search -status:200 "two words" rule:"a b" kind:fail,open "a,b" free')).toEqual([
      { field: 'server', values: ['search'], negated: false },
      { field: 'status', values: ['200'], negated: true },
      { field: null, values: ['two words'], negated: false },
      { field: 'rule', values: ['a b'], negated: false },
      { field: 'kind', values: ['fail', 'open'], negated: false },
      { field: null, values: ['a,b'], negated: false },
      { field: null, values: ['free'], negated: false },
    ]);
  });

  test('an address or an unknown field is free text; a value may hold a colon', () => {
    expect(parseSearch('https://a.example:8080/x scope:mcp:read server:http://localhost:1/')).toEqual([
      { field: null, values: ['https://a.example:8080/x'], negated: false },
      { field: 'scope', values: ['mcp:read'], negated: false },
      { field: 'server', values: ['http://localhost:1/'], negated: false },
    ]);
  });

  test.each(searchFields)('knows %s', (field) => {
    expect(parseSearch(`${field.toUpperCase()}:x`)).toEqual([{ field, values: ['x'], negated: false }]);
  });
});

/** Text in which the language's own signs are frequent. */
const searchText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.oneof(fc.constantFrom(':', '"', '-', ',', ' ', '\t', ...searchFields), fc.string({ maxLength: 4 })))
    .map((parts) => parts.join('')),
);

describe('readWords', () => {
  test('every text is a search; terms hold no more than was typed', () => {
    fc.assert(
      fc.property(searchText, (text) => {
        const length = parseSearch(text).reduce(
          (sum, { field, values }) => sum + (field ?? '').length + values.join('').length,
          0,
        );
        expect(length).toBeLessThanOrEqual(text.toLowerCase().length);
      }),
    );
  });

  test('words stand in order, apart from each other, and are read alone as they are read together', () => {
    fc.assert(
      fc.property(searchText, (text) => {
        let last = 0;
        for (const { from, to, valueFrom, field, values, negated } of readWords(text)) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(valueFrom).toBeGreaterThanOrEqual(from);
          expect(to).toBeGreaterThanOrEqual(valueFrom - 1);
          expect(to).toBeGreaterThan(from);
          last = to;
          expect(parseSearch(text.slice(from, to))).toEqual([{ field, values, negated }]);
        }
      }),
    );
  });

  test.each(['a ', 'status:401 ', '-', '"', ':', ',', 'server:', 'status:1,', 'x'])(
    'takes time in proportion to its length: %s over and over',
    (unit) => {
      // Each word is an object: of more of them than these, the time is the garbage collector's.
      expect(order(readWords, (size) => repeated(unit, size), 4_000)).toBeLessThan(1.5);
    },
  );
});
