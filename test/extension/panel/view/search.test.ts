import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSearch } from '../../../../src/extension/panel/view/search.ts';

describe('parseSearch', () => {
  test('reads fields, negation, quotes and free text', () => {
    expect(parseSearch('server:Search -status:200 "two words" rule:"a b" free')).toEqual([
      { field: 'server', value: 'search', negated: false },
      { field: 'status', value: '200', negated: true },
      { field: '', value: 'two words', negated: false },
      { field: 'rule', value: 'a b', negated: false },
      { field: '', value: 'free', negated: false },
    ]);
  });

  test('an address or an unknown field is free text', () => {
    expect(parseSearch('https://a.example:8080/x')).toEqual([
      { field: '', value: 'https://a.example:8080/x', negated: false },
    ]);
  });

  test('every text is a search; terms hold no more than was typed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const length = parseSearch(text).reduce((sum, { field, value }) => sum + field.length + value.length, 0);
        expect(length).toBeLessThanOrEqual(text.toLowerCase().length);
      }),
    );
  });
});
