import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangeOfMember, rangesOfStrings, topLevelRanges } from '../../src/protocol/json-range.ts';
import { order, repeated } from '../linear.ts';

function sliceOf(text: string, key: string): string | null {
  const range = rangeOfMember(text, key);
  return range === null ? null : text.slice(...range);
}

describe('rangeOfMember', () => {
  it('finds a string between its quotes and other values whole', () => {
    const text = '{ "a" : "x\\"y", "n":-1.5e3 ,"o":{"deep":[1,"}"]}, "t":true}';
    expect(sliceOf(text, 'a')).toBe('x\\"y');
    expect(sliceOf(text, 'n')).toBe('-1.5e3');
    expect(sliceOf(text, 'o')).toBe('{"deep":[1,"}"]}');
    expect(sliceOf(text, 'deep')).toBe('[1,"}"]');
    expect(sliceOf(text, 't')).toBe('true');
    expect(sliceOf(text, 'missing')).toBeNull();
  });

  it('is not misled by strings that look like members', () => {
    expect(sliceOf('{"note":"\\"scope\\":\\"no\\"","x":"scope","scope":"yes"}', 'scope')).toBe('yes');
  });

  it('takes a string that the recording cut off, also behind a backslash', () => {
    expect(sliceOf('{"scope":"files:re', 'scope')).toBe('files:re');
    expect(sliceOf('{"scope":"a\\"', 'scope')).toBe('a\\"');
    expect(sliceOf('{"scope":"a\\', 'scope')).toBe('a\\');
    expect(sliceOf('{"scope":', 'scope')).toBe('');
    expect(sliceOf('{"scope":[1,"]', 'scope')).toBe('[1,"]');
  });

  it('knows an escaped key', () => {
    expect(sliceOf('{"sc\\u006fpe":"yes"}', 'scope')).toBe('yes');
  });

  it('finds every member of an object, at its value', () => {
    const values = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 5 });
    fc.assert(
      fc.property(values, fc.constantFrom(0, 2), (object, indent) => {
        const text = JSON.stringify(object, null, indent);
        const parsed: Record<string, unknown> = JSON.parse(text);
        const ranges = topLevelRanges(text);
        expect([...ranges.keys()].sort()).toEqual(Object.keys(parsed).sort());
        for (const [key, range] of ranges) {
          const raw = text.slice(...range);
          expect(JSON.parse(typeof parsed[key] === 'string' ? `"${raw}"` : raw)).toEqual(parsed[key]);
        }
      }),
    );
  });

  it('takes any text, with ranges inside it', () => {
    const unit = fc.constantFrom(...'{}[]",:\\ak1 \n'.split(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit }), fc.string({ unit: 'binary' })), (text) => {
        const ranges = [rangeOfMember(text, 'a'), ...topLevelRanges(text).values()];
        for (const range of ranges) {
          if (range === null) continue;
          expect(range[0]).toBeLessThanOrEqual(range[1]);
          expect(range[1]).toBeLessThanOrEqual(text.length);
        }
        rangesOfStrings(text, new Set(['a', 'k']));
      }),
    );
  });

  it.each(['"', '"a"', '"a":', '{"a":', '[', ' ', '\\', '"\\', '"\\u0061"', '"a":"k",', '"a":[],', '"\\q":'])(
    'is linear on %j',
    (piece) => {
      const inside = (n: number) => `{${repeated(piece, n)}`;
      expect(order((text) => rangeOfMember(text, 'key'), inside)).toBeLessThan(1.7);
      expect(order(topLevelRanges, inside)).toBeLessThan(1.7);
      expect(order((text) => rangesOfStrings(text, new Set(['a'])), inside)).toBeLessThan(1.7);
    },
  );
});

describe('topLevelRanges', () => {
  it('has own members only, the last of equal names', () => {
    const text = '\ufeff{"a":{"b":1},"b":2,"a":"z"}';
    const ranges = topLevelRanges(text);
    expect([...ranges].map(([key, range]) => [key, text.slice(...range)])).toEqual([
      ['a', 'z'],
      ['b', '2'],
    ]);
  });
});

describe('rangesOfStrings', () => {
  it('decodes as JSON.parse does', () => {
    const unit = fc.constantFrom(...'ab/"\\\n\t\r\b\f\u0000é\ud800 '.split(''));
    fc.assert(
      fc.property(fc.string({ unit }), fc.boolean(), (value, escapeAll) => {
        const escaped = [...value]
          .flatMap((c) => c.split(''))
          .map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
        const text = escapeAll ? `"${escaped.join('')}"` : JSON.stringify(value);
        expect(JSON.parse(text)).toBe(value);
        expect(rangesOfStrings(text, new Set([value])).get(value)).toEqual([[1, text.length - 1]]);
      }),
    );
    for (const bad of ['"\\x"', '"\\u12"', '"\\u00g0"']) {
      expect(rangesOfStrings(bad, new Set(['x', bad.slice(1, -1)])).size, bad).toBe(0);
    }
  });

  it('finds each occurrence, escaped or not', () => {
    const text = '["x","\\u0078",{"x":"y\\n"}]';
    const found = rangesOfStrings(text, new Set(['x', 'y\n', 'z']));
    expect(found.get('x')?.map((range) => text.slice(...range))).toEqual(['x', '\\u0078', 'x']);
    expect(found.get('y\n')?.map((range) => text.slice(...range))).toEqual(['y\\n']);
    expect(found.has('z')).toBe(false);
  });
});
