import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as json from '../../src/protocol/json.ts';
import { order, repeated } from '../linear.ts';

const deep = '['.repeat(100_000) + ']'.repeat(100_000);

describe('parseJson', () => {
  it('reads JSON, also behind a BOM, and knows what is none', () => {
    expect(json.parseJson('\ufeff{"a":1}')).toEqual({ a: 1 });
    expect(json.parseJson('null')).toBeNull();
    for (const text of ['', '{', 'undefined', "{'a':1}", 'NaN']) expect(json.parseJson(text), text).toBeUndefined();
  });

  it('does not throw on any depth', () => {
    json.parseJson(deep);
    json.parseJson('{"a":'.repeat(100_000));
    expect(json.canonicalJson(json.parseJson(deep) ?? null).length).toBeGreaterThan(0);
  });
});

describe('members', () => {
  const object = json.asObject(
    json.parseJson('{"__proto__":"p","s":"x","n":1,"b":false,"o":{},"a":["x",1,null,"y"],"big":1e999}'),
  );

  it('have the type asked for, or are null', () => {
    if (object === null) throw new Error('not an object');
    expect(json.stringMember(object, 's')).toBe('x');
    expect(json.stringMember(object, 'n')).toBeNull();
    expect(json.numberMember(object, 'n')).toBe(1);
    expect(json.numberMember(object, 'big')).toBeNull();
    expect(json.booleanMember(object, 'b')).toBe(false);
    expect(json.objectMember(object, 'o')).toEqual({});
    expect(json.objectMember(object, 'a')).toBeNull();
    expect(json.stringsMember(object, 'a')).toEqual(['x', 'y']);
    expect(json.stringsMember(object, 's')).toBeNull();
    expect(json.arrayMember(object, 'a')).toHaveLength(4);
  });

  it('are own members: __proto__ and inherited names are data', () => {
    if (object === null) throw new Error('not an object');
    expect(json.stringMember(object, '__proto__')).toBe('p');
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) expect(json.member(object, name)).toBeUndefined();
    expect(json.member({}, '__proto__')).toBeUndefined();
  });

  it('are of objects only', () => {
    for (const value of [[], null, 'x', 1, undefined]) expect(json.asObject(value)).toBeNull();
    expect(json.objectsOf([{}, [], null, { a: 1 }])).toEqual([{}, { a: 1 }]);
  });
});

describe('canonicalJson', () => {
  it('does not depend on the order of members, and is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const shuffled = JSON.parse(JSON.stringify(value), (_, item) =>
          json.asObject(item) ? Object.fromEntries(Object.entries(item).reverse()) : item,
        );
        expect(json.canonicalJson(shuffled)).toBe(json.canonicalJson(value));
        expect(JSON.parse(json.canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(json.canonicalJson({ b: 1, a: [2, { d: null, c: 'x' }] })).toBe('{"a":[2,{"c":"x","d":null}],"b":1}');
  });

  it('tells different values apart', () => {
    expect(json.canonicalJson({ a: '1' })).not.toBe(json.canonicalJson({ a: 1 }));
    expect(json.canonicalJson(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
  });

  it('takes what JSON cannot say', () => {
    const loop: Record<string, unknown> = { a: 1n, b: undefined, c: () => 1, d: Number.NaN };
    loop.self = loop;
    expect(json.canonicalJson(loop)).toBe('{"a":1,"c":null,"d":null,"self":null}');
    expect(json.canonicalJson(undefined)).toBe('null');
  });

  it('is linear', () => {
    const read = (text: string) => json.canonicalJson(json.parseJson(text));
    expect(order(read, (n) => `[${repeated('{"b":1,"a":[]},', n)}0]`)).toBeLessThan(1.7);
    expect(order(read, (n) => '['.repeat(n / 2) + ']'.repeat(n / 2))).toBeLessThan(1.7);
  });
});
