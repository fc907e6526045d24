import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFormText, formField, formValue, formValues, parseForm } from '../../src/protocol/form.ts';
import { order, repeated } from '../linear.ts';

describe('parseForm', () => {
  it('reads the example of RFC 6749 appendix B', () => {
    expect(decodeFormText('+%25%26%2B%C2%A3%E2%82%AC')).toBe(' %&+£€');
  });

  it('keeps order and repetitions, and finds the first', () => {
    const form = parseForm('resource=a&x=1&resource=b&&flag&=v');
    expect(form.fields.map(({ name, value }) => [name, value])).toEqual([
      ['resource', 'a'],
      ['x', '1'],
      ['resource', 'b'],
      ['flag', ''],
      ['', 'v'],
    ]);
    expect(formValue(form, 'resource')).toBe('a');
    expect(formValues(form, 'resource')).toEqual(['a', 'b']);
    expect(formField(form, 'missing')).toBeNull();
    expect(formValue(form, '__proto__')).toBeNull();
  });

  it('leaves bad escapes as they are and marks bad UTF-8', () => {
    expect(decodeFormText('100%&%zz%4')).toBe('100%&%zz%4');
    expect(decodeFormText('%ff%41')).toBe('\ufffdA');
    expect(decodeFormText('%%41')).toBe('%A');
  });

  it('agrees with URLSearchParams on every well-formed text', () => {
    const unit = fc.constantFrom(...'ab=&+%2541 '.split(''));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        const expected = [...new URLSearchParams(text.startsWith('?') ? `&${text}` : text)];
        expect(parseForm(text).fields.map(({ name, value }) => [name, value])).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes any text, with ranges that slice to the raw value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const { value, range } of parseForm(text).fields) {
          expect(decodeFormText(text.slice(...range))).toBe(value);
        }
      }),
    );
  });

  it('reads a part of a text without looking beyond it', () => {
    const form = parseForm('?a=1&b=2#c=3', 1, 8);
    expect(form.fields).toEqual([
      { name: 'a', value: '1', range: [3, 4] },
      { name: 'b', value: '2', range: [7, 8] },
    ]);
  });

  it.each(['%', '%2', '%41', 'a', '&', '=', 'a=b&', '+', '%41a', '%e2%82'])('is linear on %j', (piece) => {
    expect(order(parseForm, (n) => repeated(piece, n))).toBeLessThan(1.7);
  });
});
