import fc from 'fast-check';
import { base64url } from 'jose';
import { describe, expect, it } from 'vitest';
import { readJwt } from '../../src/protocol/jwt.ts';
import { order, repeated } from '../linear.ts';

const part = (value: unknown) => base64url.encode(typeof value === 'string' ? value : JSON.stringify(value));
const token = (claims: unknown, header: unknown = { alg: 'none' }) => `${part(header)}.${part(claims)}.c2ln`;

describe('readJwt', () => {
  it('reads the example of RFC 7519 section 3.1', () => {
    const jwt = readJwt(
      'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    );
    expect(jwt).toMatchObject({ issuer: 'joe', type: 'JWT', expiresAt: 1300819380000, audience: [], scope: null });
    expect(jwt?.claims['http://example.com/is_root']).toBe(true);
  });

  it('reads the access token of RFC 9068 section 2.2', () => {
    const claims = {
      iss: 'https://authorization-server.example.com/',
      sub: '5ba552d67',
      aud: 'https://rs.example.com/',
      exp: 1639528912,
      iat: 1618354090,
      jti: 'dbe39bf3a3ba4238a513f51d6e1691c4',
      client_id: 's6BhdRkqt3',
      scope: 'openid profile reademail',
    };
    expect(readJwt(token(claims, { typ: 'at+JWT', alg: 'RS256' }))).toMatchObject({
      issuer: claims.iss,
      subject: claims.sub,
      audience: [claims.aud],
      expiresAt: 1639528912000,
      issuedAt: 1618354090000,
      id: claims.jti,
      clientId: 's6BhdRkqt3',
      scope: ['openid', 'profile', 'reademail'],
      type: 'at+JWT',
    });
  });

  it('knows the dialects of audience, client and scope', () => {
    expect(readJwt(token({ aud: ['a', 1, 'b'], azp: 'c', scp: ['x', 'y'] }))).toMatchObject({
      audience: ['a', 'b'],
      clientId: 'c',
      scope: ['x', 'y'],
    });
    expect(readJwt(token({ scp: 'x y' }))?.scope).toEqual(['x', 'y']);
    expect(readJwt(token({ scope: '', exp: 1e308, iat: 'soon' }))).toMatchObject({
      scope: null,
      expiresAt: null,
      issuedAt: null,
    });
  });

  it('takes an unsecured JWT and refuses what is none', () => {
    expect(readJwt(`${part({ alg: 'none' })}.${part({ iss: 'x' })}.`)?.issuer).toBe('x');
    const bad = [
      '',
      '..',
      'a.b.c',
      'opaque',
      `${part({})}.${part({})}`,
      token([]),
      token('x'),
      token({}, []),
      `${token({})}.x`,
      `Bearer ${token({})}`,
      `${part({})}.${part({})}.c2!n`,
    ];
    for (const text of bad) expect(readJwt(text), text).toBeNull();
  });

  it('reads back any claims, and takes __proto__ as data', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (claims) => {
        expect(JSON.stringify(readJwt(token(claims))?.claims)).toBe(JSON.stringify(claims));
      }),
    );
    const jwt = readJwt(`${part('{"__proto__":{"typ":"x"}}')}.${part('{"__proto__":{"iss":"evil"}}')}.`);
    expect(jwt).toMatchObject({ issuer: null, type: null });
  });

  it('takes any text', () => {
    const segment = fc.string({ unit: 'binary' }).map(part);
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(segment, segment, segment).map((parts) => parts.join('.')),
    );
    fc.assert(fc.property(text, (candidate) => readJwt(candidate) === null || candidate.split('.').length === 3));
  });

  it.each(['a', '.', 'a.', part('{"a":'), part('[[[')])('is linear on %j', (piece) => {
    expect(order(readJwt, (n) => repeated(piece, n))).toBeLessThan(1.7);
    expect(order(readJwt, (n) => `${part({})}.${repeated(piece, n)}.`)).toBeLessThan(1.7);
  });
});
