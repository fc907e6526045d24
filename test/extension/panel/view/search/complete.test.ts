import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applied, censusOf, complete, quoted } from '../../../../../src/extension/panel/view/search/complete.ts';
import { parseSearch, searchFields } from '../../../../../src/extension/panel/view/search/parse.ts';
import { analysis, flow, outcomes, rows, subjects } from './session.ts';

const census = censusOf(subjects, flow.entries, analysis.result.outcomes);
const offered = (text: string, caret = text.length) => complete(text, caret, census).list.map((one) => one.text);

describe('complete', () => {
  test('offers fields, then their values', () => {
    expect(offered('')).toEqual(searchFields.map((field) => `${field}:`));
    expect(offered('st')).toEqual(['status:']);
    expect(offered('-t')).toEqual(['tool:', 'token:']);
    expect(offered('status:')).toContain('401');
    expect(offered('rule:x status:40')).toEqual(expect.arrayContaining(['401', '403']));
    expect(offered('tool:admin')).toEqual(['admin_reset']);
    expect(offered('tool:admin_reset')).toEqual([]);
    expect(offered('"quoted')).toEqual([]);
  });

  test('completes the word at the caret and leaves the rest', () => {
    const text = 'tool:adm status:401';
    const found = complete(text, 8, census);
    const [first] = found.list;
    expect(first && applied(text, found, first)).toEqual({ text: 'tool:admin_reset status:401', caret: 17 });
  });

  test('counts what a search for the value finds', () => {
    for (const field of ['status', 'tool', 'token', 'grant'] as const) {
      for (const [value, count] of census(field))
        expect([value, rows(`${field}:${value}`)]).toHaveProperty('1.length', count);
    }
    for (const [value, count] of census('kind')) expect(outcomes(`kind:${value}`)).toHaveLength(count);
    expect(Object.fromEntries(census('has')).pin).toBe(1);
  });

  test('a value is read back as it is', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((value) => !value.includes('"')),
        (value) => {
          expect(parseSearch(`scope:${quoted(value)}`)[0]?.values.join('')).toBe(value.toLowerCase());
        },
      ),
    );
  });

  test('never throws, and offers nothing outside of the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (text, place) => {
        const caret = place % (text.length + 1);
        const found = complete(text, caret, census);
        expect(found.from).toBeLessThanOrEqual(found.to);
        for (const one of found.list) expect(applied(text, found, one).text).toContain(one.text);
      }),
    );
  });
});
