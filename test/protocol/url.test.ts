import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formField, formValue } from '../../src/protocol/form.ts';
import { isLoopback, readPlace, readTarget } from '../../src/protocol/url.ts';
import { order, repeated } from '../linear.ts';

describe('readPlace', () => {
  const parts = [
    'https:',
    'http:',
    'app:',
    '//',
    '/',
    'h',
    'H.example',
    ':443',
    ':8080',
    '@',
    '?',
    '#',
    ' ',
    '\t',
    '%3F',
    'a',
  ];
  const texts = fc.array(fc.constantFrom(...parts), { maxLength: 10 }).map((some) => some.join(''));

  it('says of any text what the URL parser says, the second time too', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.webUrl({ withQueryParameters: true, withFragments: true })), (text) => {
        const expected = URL.canParse(text) ? new URL(text) : null;
        for (const place of [readPlace(text), readPlace(text)]) {
          expect(place?.path).toBe(expected?.pathname);
          expect(place?.host).toBe(expected?.host);
          expect(place?.protocol).toBe(expected?.protocol);
          if (expected && expected.origin !== 'null') expect(place?.origin).toBe(expected.origin);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('readTarget', () => {
  it('takes a URL apart, with ranges in the whole text', () => {
    const url = 'HTTPS://AS.example.com:443/authorize?scope=a+b&state=x%3Dy#frag';
    const target = readTarget(url);
    expect(target).toMatchObject({
      origin: 'https://as.example.com',
      path: '/authorize',
      endpoint: 'https://as.example.com/authorize',
      host: 'as.example.com',
      protocol: 'https:',
      fragment: 'frag',
    });
    if (target === null) return;
    expect(formValue(target.query, 'scope')).toBe('a b');
    expect(formValue(target.query, 'state')).toBe('x=y');
    expect(url.slice(...(formField(target.query, 'scope')?.range ?? [0, 0]))).toBe('a+b');
  });

  it('reads a fragment as fields, also behind a hash route', () => {
    const implicit = readTarget('https://c/cb#access_token=t&state=s');
    expect(implicit?.fragmentForm && formValue(implicit.fragmentForm, 'access_token')).toBe('t');
    const url = 'https://c/#/callback?code=abc';
    const routed = readTarget(url)?.fragmentForm;
    expect(url.slice(...((routed && formField(routed, 'code')?.range) ?? [0, 0]))).toBe('abc');
    expect(readTarget('https://c/?a=1')?.fragmentForm).toBeNull();
  });

  it('leaves a question mark in the fragment to the fragment', () => {
    expect(readTarget('https://c/p#a?b=1')?.query.fields).toEqual([]);
  });

  it('gives other schemes a usable origin', () => {
    expect(readTarget('com.example.app://callback?code=1')).toMatchObject({
      origin: 'com.example.app://callback',
      protocol: 'com.example.app:',
    });
    expect(readTarget('com.example.app:/callback?code=1')).toMatchObject({ endpoint: 'com.example.app:///callback' });
  });

  it('refuses what is no absolute URL', () => {
    for (const text of ['', '/path', 'https://', 'http://[', 'not a url', '//host/x']) {
      expect(readTarget(text), text).toBeNull();
    }
  });

  it('takes any text, and agrees with URL where there is one', () => {
    const unit = fc.constantFrom(...'htps:/?#&=a.%20[]@ \t'.split(''));
    const text = fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.string({ unit }),
      fc.string(),
    );
    fc.assert(
      fc.property(text, (url) => {
        const target = readTarget(url);
        expect(target !== null).toBe(URL.canParse(url));
        for (const field of target?.query.fields ?? []) expect(field.range[1]).toBeLessThanOrEqual(url.length);
      }),
    );
  });

  it.each(['?', '#', '?#', '&', '../', '%', 'ü.', 'a='])('is linear on %j', (piece) => {
    expect(order(readTarget, (n) => `https://a/${repeated(piece, n)}`)).toBeLessThan(1.7);
    expect(order(readTarget, (n) => `https://a${repeated(piece, n)}`)).toBeLessThan(1.7);
  });
});

describe('isLoopback', () => {
  it('knows this machine by its names', () => {
    for (const host of [
      'localhost',
      'LOCALHOST:3000',
      'a.localhost',
      'localhost.',
      '127.0.0.1',
      '127.255.0.9:80',
      '[::1]',
      '[::1]:8080',
      '::1',
    ]) {
      expect(isLoopback(host), host).toBe(true);
    }
    for (const host of [
      '',
      'localhost.example.com',
      'notlocalhost',
      '127.0.0.1.example.com',
      '128.0.0.1',
      '127.0.0',
      '127.0.0.256',
      '127.0.0.x',
      '[::2]',
      '10.0.0.1',
    ]) {
      expect(isLoopback(host), host).toBe(false);
    }
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (host) => typeof isLoopback(host) === 'boolean'));
  });
});
