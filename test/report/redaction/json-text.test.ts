import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rewriteJson } from '../../../src/report/redaction/json-text.ts';

const keep = {
  root: null,
  enter: () => null,
  string: (value: string) => value,
  number: () => null,
  key: (name: string) => name,
  other: (text: string) => text,
};

describe('rewriteJson', () => {
  it('changes nothing that it is not told to change, be it JSON or not', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => rewriteJson(text, keep) === text));
    fc.assert(fc.property(fc.json(), (text) => rewriteJson(text, keep) === text));
  });

  it('rewrites exactly the values, with their names', () => {
    const seen: (readonly [string | null, string])[] = [];
    const visitor = {
      ...keep,
      string: (value: string, key?: string | null) => {
        seen.push([key ?? null, value]);
        return 'x';
      },
    };
    const text = '{"a":"1","b":["2",{"name":"n","value":"3"}],"big":12345678901234567890,"a":"4"}';
    expect(rewriteJson(text, visitor)).toBe(
      '{"a":"x","b":["x",{"name":"x","value":"x"}],"big":12345678901234567890,"a":"x"}',
    );
    expect(seen).toEqual([
      ['a', '1'],
      [null, '2'],
      ['name', 'n'],
      ['n', '3'],
      ['a', '4'],
    ]);
  });

  it('takes a list of two for a header only if its name is one', () => {
    const keys: (string | null)[] = [];
    const visitor = {
      ...keep,
      string: (value: string, key?: string | null) => {
        keys.push(key ?? null);
        return value;
      },
    };
    rewriteJson('[["Authorization","Bearer x"],["authorization_code","refresh_token"]]', visitor);
    expect(keys).toEqual([null, 'Authorization', null, null]);
  });

  it('reads what parsing reads, however deep', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const shown = rewriteJson(text, { ...keep, string: (one: string) => `${one}!` });
        expect(JSON.parse(shown)).toEqual(JSON.parse(text, (_, one) => (typeof one === 'string' ? `${one}!` : one)));
      }),
    );
    const deep = `${'[{"a":'.repeat(30_000)}"x"`;
    expect(rewriteJson(deep, { ...keep, string: () => 'y' })).toBe(`${'[{"a":'.repeat(30_000)}"y"`);
  });
});
