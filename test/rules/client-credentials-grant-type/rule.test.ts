import { describe, expect, test } from 'vitest';
import { ISSUER, jws, type Traffic, traffic } from '../../traffic/traffic.ts';
import { program } from '../extensions.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, signedIn } from '../sessions.ts';

const RULE = 'client-credentials-grant-type';
const ID = 'batch-client-0001';
const BASIC = { authorization: `Basic ${Buffer.from(`${ID}:s3cret-of-the-batch-client`).toString('base64')}` };
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const GOOD = { iss: ID, sub: ID, aud: ISSUER };

function begun(members: Readonly<Record<string, unknown>> = {}): Traffic {
  return traffic().challenge().prm().asm({ members });
}

function asserted(claims: object, type: string | null = TYPE): Traffic {
  const client_assertion = jws({ alg: 'ES256' }, claims);
  return program(begun(), {
    grant_type: 'client_credentials',
    client_id: ID,
    client_assertion,
    ...(type === null ? {} : { client_assertion_type: type }),
  });
}

describe(RULE, () => {
  test('is open where nobody knows what the authorization server is called', () => {
    const client_assertion = jws({ alg: 'ES256' }, { ...GOOD, aud: 'https://login.example.net' });
    const form = { grant_type: 'client_credentials', client_id: ID, client_assertion, client_assertion_type: TYPE };
    expectOnly(program(traffic().challenge().prm(), form), RULE, 'open', {
      missing: ['authorization-server-metadata'],
      says: 'https://login.example.net',
    });
  });

  test('passes HTTP Basic, a secret in the body, and an assertion', () => {
    expectOnly(program(begun(), { grant_type: 'client_credentials' }, BASIC), RULE, 'pass', { at: 'TK' });
    expectOnly(
      program(begun(), { grant_type: 'client_credentials', client_id: ID, client_secret: 'secret-0123' }),
      RULE,
      'pass',
    );
    expectOnly(asserted(GOOD), RULE, 'pass');
    expectOnly(asserted({ ...GOOD, aud: [`${ISSUER}/token`] }), RULE, 'pass');
  });

  test('is an error to prove nothing', () => {
    const log = program(begun(), { grant_type: 'client_credentials', client_id: ID });
    expectOnly(log, RULE, 'error', { at: 'TK', part: 'request.postData', party: 'client' });
  });

  test.each<[string, object, string]>([
    ['no issuer', { sub: ID, aud: ISSUER }, 'no iss'],
    ['no subject', { iss: ID, aud: ISSUER }, 'no sub'],
    ['two names', { ...GOOD, sub: 'somebody' }, 'is not its sub'],
    ['another client', { iss: 'other', sub: 'other', aud: ISSUER }, 'is of other'],
    ['another audience', { ...GOOD, aud: 'https://elsewhere.example' }, 'https://elsewhere.example'],
    ['no audience', { iss: ID, sub: ID }, 'nobody'],
  ])('is an error for an assertion with %s', (_, claims, says) => {
    expectOnly(asserted(claims), RULE, 'error', { at: 'TK', part: 'request.postData', says });
  });

  test('is an error for an assertion of another type, or of none', () => {
    expectOnly(asserted(GOOD, 'jwt'), RULE, 'error', { says: 'client_assertion_type jwt' });
    expectOnly(asserted(GOOD, null), RULE, 'error', { says: 'no client_assertion_type' });
  });

  test('is open where a certificate may have been shown', () => {
    const form = { grant_type: 'client_credentials', client_id: ID };
    const mutual = begun({ token_endpoint_auth_methods_supported: ['tls_client_auth'] });
    expectOnly(program(mutual, form), RULE, 'open', { missing: ['client-certificate'] });
    expectOnly(program(traffic().challenge().prm(), form), RULE, 'open', {
      missing: ['authorization-server-metadata'],
    });
  });

  test('is open for an assertion that cannot be read', () => {
    const form = { grant_type: 'client_credentials', client_assertion: 'assertion-1', client_assertion_type: TYPE };
    expectOnly(program(begun(), form), RULE, 'open', { missing: ['assertion-claims'] });
  });

  test('says nothing of other grants, and of programs that use no MCP server', () => {
    expect(judged(signedIn(), RULE)).toEqual([]);
    expect(judged(discovered().az().tk().call(), RULE)).toEqual([]);
  });
});
