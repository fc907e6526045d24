import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bearerChallenge, parseChallenges } from '../../src/protocol/challenge.ts';
import { order, repeated } from '../linear.ts';

const read = (text: string) =>
  parseChallenges(text).challenges.map(({ scheme, token68, params }) => ({
    scheme,
    token68,
    params: Object.fromEntries(params.map(({ name, value }) => [name, value])),
  }));

describe('parseChallenges', () => {
  it('reads the example of RFC 9110 section 11.6.1', () => {
    const text = 'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""';
    expect(read(text)).toEqual([
      { scheme: 'Basic', token68: null, params: { realm: 'simple' } },
      { scheme: 'Newauth', token68: null, params: { realm: 'apps', type: '1', title: 'Login to "apps"' } },
    ]);
    expect(parseChallenges(text).errors).toEqual([]);
  });

  it('reads the example of RFC 9728 section 5.1', () => {
    const text = 'Bearer resource_metadata="https://resource.example.com/.well-known/oauth-protected-resource"';
    expect(bearerChallenge(text)?.resourceMetadata).toBe(
      'https://resource.example.com/.well-known/oauth-protected-resource',
    );
  });

  it('reads the example of RFC 6750 section 3', () => {
    const text = 'Bearer realm="example", error="invalid_token", error_description="The access token expired"';
    expect(bearerChallenge(text)).toMatchObject({
      scheme: 'Bearer',
      realm: 'example',
      error: 'invalid_token',
      errorDescription: 'The access token expired',
      scope: null,
      scopeText: null,
    });
  });

  it('tells token68 from parameters', () => {
    expect(read('Negotiate a87421000492aa874209af8bc028==, Basic realm="x"')).toEqual([
      { scheme: 'Negotiate', token68: 'a87421000492aa874209af8bc028==', params: {} },
      { scheme: 'Basic', token68: null, params: { realm: 'x' } },
    ]);
    expect(read('Negotiate, Bearer')).toEqual([
      { scheme: 'Negotiate', token68: null, params: {} },
      { scheme: 'Bearer', token68: null, params: {} },
    ]);
  });

  it('keeps commas, equals signs and quoted pairs inside quotes', () => {
    expect(read('Bearer realm="a, b=\\"c\\", Basic d", error=x')).toEqual([
      { scheme: 'Bearer', token68: null, params: { realm: 'a, b="c", Basic d', error: 'x' } },
    ]);
  });

  it('allows white space around the equals sign, empty list elements, and any case', () => {
    const text = ', ,bEaReR ERROR \t= "insufficient_scope" ,, Scope="a b",';
    expect(bearerChallenge(text)).toMatchObject({ scheme: 'Bearer', error: 'insufficient_scope', scope: ['a', 'b'] });
    expect(parseChallenges(text).errors).toEqual([]);
  });

  it('ends an unterminated string at a line feed, where the next field line begins', () => {
    const list = parseChallenges('Bearer realm="open\nBasic realm="x"');
    expect(list.challenges.map(({ scheme }) => scheme)).toEqual(['Bearer', 'Basic']);
    expect(list.errors).toEqual([{ message: 'unterminated quoted string', at: 13 }]);
  });

  it('reads what servers write although the grammar forbids it, and says so', () => {
    const cases: [string, Record<string, string>, string][] = [
      ['Bearer error="invalid_token" scope="a"', { error: 'invalid_token', scope: 'a' }, 'missing comma'],
      ['Bearer resource_metadata=https://a/b', { resource_metadata: 'https://a/b' }, 'value must be quoted'],
      ['Bearer scope=a b, error=x', { scope: 'a', error: 'x' }, 'missing comma or quotes'],
      ['Bearer scope=, error=x', { scope: '', error: 'x' }, 'parameter after a token68'],
      ['Bearer error=x, error=y', { error: 'y' }, 'parameter error more than once'],
    ];
    for (const [text, params, message] of cases) {
      expect(read(text), text).toEqual([{ scheme: 'Bearer', token68: null, params }]);
      expect(
        parseChallenges(text).errors.map((error) => error.message),
        text,
      ).toContain(message);
    }
    expect(read('Bearer realm="x" Basic realm="y"').map(({ scheme }) => scheme)).toEqual(['Bearer', 'Basic']);
    expect(parseChallenges('error="x"').errors).toEqual([{ message: 'parameter without a scheme', at: 0 }]);
  });

  it('treats __proto__ as a name', () => {
    const [challenge] = parseChallenges('Bearer __proto__=x, scope=a').challenges;
    expect(challenge?.params.map(({ name }) => name)).toEqual(['__proto__', 'scope']);
  });

  it('reads back what a correct server writes, with ranges that slice to the value', () => {
    const token = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
    const value = fc.string({ unit: fc.constantFrom('a', 'Z', ' ', ',', '=', '"', '\\', '/', 'é'), maxLength: 12 });
    const challenge = fc.record({
      scheme: token,
      params: fc.uniqueArray(fc.tuple(token, value), { selector: ([name]) => name, minLength: 1, maxLength: 4 }),
    });
    const separator = fc.constantFrom(', ', '\n', ',', ' ,\t');
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), separator, (challenges, comma) => {
        const quote = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
        const text = challenges
          .map(({ scheme, params }) => `${scheme} ${params.map(([n, v]) => `${n}="${quote(v)}"`).join(', ')}`)
          .join(comma);
        const list = parseChallenges(text);
        expect(list.errors).toEqual([]);
        expect(
          list.challenges.map(({ scheme, params }) => ({ scheme, params: params.map((p) => [p.name, p.value]) })),
        ).toEqual(challenges);
        for (const each of list.challenges) {
          expect(text.slice(...each.range).startsWith(each.scheme)).toBe(true);
          for (const param of each.params) expect(text.slice(...param.range)).toBe(quote(param.value));
        }
      }),
    );
  });

  it('takes any text, with ranges inside it', () => {
    const unit = fc.constantFrom(...'Bearer =",\\ \n\t\r~/;\u0000é\ud800'.split(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit, maxLength: 60 })), (text) => {
        const list = parseChallenges(text);
        let last = 0;
        for (const { range, params } of list.challenges) {
          expect(range[0]).toBeGreaterThanOrEqual(last);
          expect(range[1]).toBeLessThanOrEqual(text.length);
          for (const param of params) {
            expect(param.range[1]).toBeGreaterThanOrEqual(param.range[0]);
            expect(param.range[1]).toBeLessThanOrEqual(text.length);
            if (!param.quoted) expect(text.slice(...param.range)).toBe(param.value);
          }
          last = range[1];
        }
        bearerChallenge(text);
      }),
    );
  });

  it.each([
    '"',
    '\\',
    ',',
    'a ',
    'a=',
    '=',
    ' ',
    'a="',
    'a b',
    'a=b ',
    'a b=',
    'Bearer a, ',
    'a=a,',
    '/=',
    'a\n',
    '"\\"',
  ])('is linear on %j', (piece) => {
    expect(order(parseChallenges, (n) => `Bearer ${repeated(piece, n)}`)).toBeLessThan(1.7);
  });
});

describe('bearerChallenge', () => {
  it('prefers Bearer to DPoP, wherever they stand', () => {
    expect(bearerChallenge('DPoP error="use_dpop_nonce", Bearer error="x"')?.error).toBe('x');
    expect(bearerChallenge('Basic realm="x", dpop algs="ES256", error="invalid_token"')).toMatchObject({
      scheme: 'DPoP',
      error: 'invalid_token',
    });
    expect(bearerChallenge('Basic realm="Bearer"')).toBeNull();
    expect(bearerChallenge('')).toBeNull();
  });

  it('says where error, scope and resource_metadata stand', () => {
    const text = 'Basic realm="a", Bearer error="insufficient_scope", scope="a:b c", resource_metadata="https://x/y"';
    const challenge = bearerChallenge(text);
    const slice = (range: readonly [number, number] | null | undefined) => (range ? text.slice(...range) : null);
    expect(slice(challenge?.errorRange)).toBe('insufficient_scope');
    expect(slice(challenge?.scopeRange)).toBe('a:b c');
    expect(slice(challenge?.resourceMetadataRange)).toBe('https://x/y');
    expect(challenge?.scope).toEqual(['a:b', 'c']);
  });

  it('has no scope where the parameter is empty', () => {
    expect(bearerChallenge('Bearer scope=" "')).toMatchObject({ scope: null, scopeText: ' ' });
  });
});
