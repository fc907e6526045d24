import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, type JWK, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { largestKeySet, readKeySet, type VerifyingKey } from '../../../../src/extension/panel/signature/key-set.ts';
import { verifySignature } from '../../../../src/extension/panel/signature/verify.ts';

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const edwards = generateKeyPairSync('ed25519');

async function jwk(pair: Pair, members: Partial<JWK> = {}): Promise<JWK> {
  return { ...(await exportJWK(pair.publicKey)), ...members };
}

function keysOf(...keys: readonly JWK[]): readonly VerifyingKey[] {
  const set = readKeySet(JSON.stringify({ keys }));
  if (!set.ok) throw new Error(set.why);
  return set.keys;
}

const sign = (pair: Pair, alg: string, header: Record<string, unknown> = {}) =>
  new SignJWT({ sub: 'user', scope: 'files:read' }).setProtectedHeader({ alg, ...header }).sign(pair.privateKey);

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of any header, signed with a shared secret. */
function hmac(header: object, secret: string | Buffer): string {
  const input = `${encode(header)}.${encode({ sub: 'admin' })}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

describe('a signature', () => {
  test.each([
    ['RS256', rsa],
    ['PS384', rsa],
    ['ES256', curve],
    ['EdDSA', edwards],
  ] as const)('by %s is right with the key that made it', async (alg, pair) => {
    const token = await sign(pair, alg, { kid: 'a' });
    const result = await verifySignature(token, keysOf(await jwk(pair, { kid: 'a' })));
    expect(result).toMatchObject({ state: 'verified', algorithm: alg, key: { id: 'a' } });
    if (result.state === 'verified') expect(result.thumbprint).toMatch(/^[\w-]{43}$/);
  });

  test('is wrong when one character of the claims, or the key, is another', async () => {
    const token = await sign(rsa, 'RS256', { kid: 'a' });
    const [header, , signature] = token.split('.');
    const forged = `${header}.${encode({ sub: 'admin' })}.${signature}`;
    expect(await verifySignature(forged, keysOf(await jwk(rsa, { kid: 'a' })))).toMatchObject({ state: 'wrong' });
    expect(await verifySignature(token, keysOf(await jwk(otherRsa, { kid: 'a' })))).toMatchObject({ state: 'wrong' });
  });

  test('without a key id is tried with every key; with one, only with keys of that id', async () => {
    const keys = keysOf(await jwk(otherRsa, { kid: 'b' }), await jwk(rsa, { kid: 'a' }));
    expect(await verifySignature(await sign(rsa, 'RS256'), keys)).toMatchObject({
      state: 'verified',
      key: { id: 'a' },
    });
    const named = await sign(rsa, 'RS256', { kid: 'gone' });
    expect(await verifySignature(named, keys)).toEqual({ state: 'no-key', id: 'gone', known: ['b', 'a'] });
  });

  test('says nothing of expiry: an expired token is still signed', async () => {
    const token = await new SignJWT({ exp: 1 }).setProtectedHeader({ alg: 'ES256' }).sign(curve.privateKey);
    expect(await verifySignature(token, keysOf(await jwk(curve)))).toMatchObject({ state: 'verified' });
  });
});

describe('an attack', () => {
  test('algorithm none, in any case, with or without a signature', async () => {
    const keys = keysOf(await jwk(rsa));
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      for (const signature of ['', 'AAAA']) {
        const token = `${encode({ alg })}.${encode({ sub: 'admin' })}.${signature}`;
        expect(await verifySignature(token, keys)).toEqual({ state: 'refused', why: 'unsigned' });
      }
    }
    const stripped = (await sign(rsa, 'RS256')).replace(/[^.]*$/, '');
    expect(await verifySignature(stripped, keys)).toEqual({ state: 'refused', why: 'unsigned' });
  });

  test('HMAC with the public key for a secret', async () => {
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
    const keys = keysOf(await jwk(rsa, { kid: 'a' }));
    for (const alg of ['HS256', 'hs256', 'HS512']) {
      for (const secret of [pem, JSON.stringify(await jwk(rsa)), '']) {
        expect(await verifySignature(hmac({ alg, kid: 'a' }, secret), keys)).toEqual({
          state: 'refused',
          why: 'shared-secret',
        });
      }
    }
  });

  test('HMAC under the name of another algorithm', async () => {
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
    const keys = keysOf(await jwk(rsa, { kid: 'a' }));
    expect((await verifySignature(hmac({ alg: 'RS256', kid: 'a' }, pem), keys)).state).toBe('wrong');
  });

  test('a symmetric key in the set is no key', async () => {
    const set = readKeySet(
      JSON.stringify({ keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'a' }, await jwk(rsa, { use: 'enc' })] }),
    );
    expect(set).toEqual({ ok: true, keys: [], unusable: 2 });
  });

  test('a key that the token brings along, or points to', async () => {
    const keys = keysOf(await jwk(rsa, { kid: 'a' }));
    const own = await jwk(otherRsa);
    for (const header of [
      { jwk: own },
      { jwk: own, kid: 'a' },
      { jku: 'https://evil.example/jwks', kid: 'a' },
      { x5u: 'https://evil.example/c' },
    ]) {
      const { state } = await verifySignature(await sign(otherRsa, 'RS256', header), keys);
      expect(state).toBe('wrong');
    }
  });

  test('an algorithm that the key does not have', async () => {
    const strict = keysOf(await jwk(rsa, { kid: 'a', alg: 'RS256' }));
    expect((await verifySignature(await sign(rsa, 'PS256', { kid: 'a' }), strict)).state).toBe('no-key');
    const token = await sign(rsa, 'RS256', { kid: 'a' });
    expect((await verifySignature(token, keysOf(await jwk(curve, { kid: 'a' })))).state).toBe('no-key');
  });

  test('a critical extension that nobody understands', async () => {
    const token = `${encode({ alg: 'RS256', crit: ['exp'], exp: 1 })}.${encode({})}.AAAA`;
    expect(await verifySignature(token, keysOf(await jwk(rsa)))).toEqual({ state: 'refused', why: 'critical' });
  });

  test('a key too short to trust is not used', async () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const token = `${encode({ alg: 'RS256' })}.${encode({})}.AAAA`;
    expect((await verifySignature(token, keysOf(await jwk(short)))).state).toBe('unusable-key');
  });

  test('garbage', async () => {
    for (const token of ['', '.', '..', 'a.b.c', `${encode([])}.e.s`, `${encode({})}.e.s`]) {
      expect((await verifySignature(token, [])).state).toBe('refused');
    }
  });
});

describe('a key set', () => {
  test('has bounds, and is what RFC 7517 says', async () => {
    expect(readKeySet(`{"keys":[${' '.repeat(largestKeySet)}]}`)).toEqual({ ok: false, why: 'too-large' });
    expect(readKeySet(JSON.stringify({ keys: new Array(101).fill({}) }))).toEqual({ ok: false, why: 'too-many-keys' });
    for (const text of ['', '[]', '{}', '{"keys":{}}', 'null', '<html>']) {
      expect(readKeySet(text)).toEqual({ ok: false, why: 'not-a-key-set' });
    }
  });

  test('keeps no private member, even where an issuer published one', async () => {
    const [key] = keysOf({ ...(await exportJWK(rsa.privateKey)), kid: 'a' });
    expect(Object.keys(key?.jwk ?? {}).sort()).toEqual(['e', 'kty', 'n']);
  });
});
