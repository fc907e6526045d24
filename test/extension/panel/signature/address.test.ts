import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPrivateHost, keyAddress } from '../../../../src/extension/panel/signature/address.ts';

const issuer = 'https://as.example.com';
const at = (jwksUri: string | null, from = issuer, page: string | null = 'https://app.example.com') =>
  keyAddress({ jwksUri, issuer: from, page });
const hostOf = (host: string) => new URL(`https://${host}/`).hostname;

describe('where keys may be fetched from', () => {
  test('a public issuer’s https address, whole, without fragment', () => {
    expect(at('https://as.example.com/jwks?v=1#x')).toEqual({ ok: true, url: 'https://as.example.com/jwks?v=1' });
    expect(at('https://www.googleapis.com/oauth2/v3/certs')).toMatchObject({ ok: true });
  });

  test('never an address with credentials, of another scheme, or none', () => {
    expect(at(null)).toEqual({ ok: false, why: 'none' });
    expect(at('/jwks')).toEqual({ ok: false, why: 'not-an-address' });
    expect(at('https://user:secret@as.example.com/jwks')).toEqual({ ok: false, why: 'credentials' });
    for (const scheme of ['http', 'ftp', 'file', 'data', 'javascript', 'chrome-extension', 'ws']) {
      expect(at(`${scheme}://as.example.com/jwks`)).toMatchObject({ ok: false });
    }
  });

  test('http only where issuer, page and keys are all on this machine', () => {
    const local = 'http://127.0.0.1:4000';
    expect(at(`${local}/jwks`, local, 'http://localhost:5173')).toMatchObject({ ok: true });
    expect(at(`${local}/jwks`, local, 'https://app.example.com')).toEqual({ ok: false, why: 'not-https' });
    expect(at(`${local}/jwks`, local, null)).toEqual({ ok: false, why: 'not-https' });
    expect(at(`${local}/jwks`, issuer, 'http://localhost')).toEqual({ ok: false, why: 'not-https' });
    expect(at('http://192.168.0.1/jwks', local, 'http://localhost')).toEqual({ ok: false, why: 'not-https' });
  });

  test('no host of the user’s own network for a public issuer, however it is written', () => {
    const inside = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
      '198.18.0.1',
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:a9fe:a9fe]',
      '[64:ff9b::10.0.0.1]',
      '[2002:a00:1::]',
      '[fe80::1]',
      '[fc00::1]',
      '[fd12:3456::1]',
      '[ff02::1]',
      '[2001:db8::1]',
      'localhost',
      'app.localhost',
      'router',
      'printer.local',
      'metadata.google.internal',
      'nas.home.arpa',
      'LOCALHOST',
      'localhost.',
      '１２７.0.0.1',
    ];
    for (const host of inside)
      expect([host, at(`https://${host}/jwks`)]).toEqual([host, { ok: false, why: 'private' }]);
  });

  test('an issuer on a private network may name a host there', () => {
    expect(at('https://10.0.0.5/jwks', 'https://10.0.0.5')).toMatchObject({ ok: true });
  });

  test('public addresses are public', () => {
    for (const host of [
      '8.8.8.8',
      '172.32.0.1',
      '100.128.0.1',
      '[2606:4700::1111]',
      'as.example.com',
      '[64:ff9b::8.8.8.8]',
    ]) {
      expect([host, isPrivateHost(hostOf(host))]).toEqual([host, false]);
    }
  });

  test('an IPv4 address is as private inside IPv6 as by itself', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPrivateHost(hostOf(`[::ffff:${address}]`))).toBe(isPrivateHost(hostOf(address)));
      }),
    );
  });

  test('any text is answered, and what is allowed is https without credentials', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string()), (text) => {
        const found = at(text);
        if (found.ok)
          expect(new URL(found.url)).toMatchObject({ protocol: 'https:', username: '', password: '', hash: '' });
      }),
    );
  });
});
