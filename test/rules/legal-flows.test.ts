import { describe, expect, test } from 'vitest';
import { ISSUER, jws, SERVER, type Traffic, traffic } from '../traffic/traffic.ts';
import { failures, outcomes } from '../traffic/verdicts.ts';
import { BOUND_TOKEN, bound, callProof, discovery, FORM, program, proof, provenCall } from './extensions.ts';
import { discovered, EVERY_REVISION, RT1, signedIn } from './sessions.ts';

/** Every rule of the project judges these sessions: what a sign-in of the ordinary kind is told, they may be told too. */
function told(log: Traffic): readonly string[] {
  const ordinary = new Set(EVERY_REVISION.flatMap((revision) => failures(signedIn({ revision }))));
  return failures(log).filter((failure) => !ordinary.has(failure));
}

const CLIENT = 'batch-client-0001';
const BASIC = { authorization: `Basic ${Buffer.from(`${CLIENT}:s3cret-of-the-batch-client`).toString('base64')}` };
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const IDP = 'https://idp.example.net';

function begun(revision: '2025-11-25' | '2026-07-28' = '2026-07-28'): Traffic {
  return traffic({ revision })
    .challenge({ scope: 'r' })
    .prm({ scopes: ['r'] })
    .asm({ scopes: ['r'] });
}

describe('flows of the extensions trip no rule', () => {
  test('DPoP: bound token, proofs, a nonce asked for on both sides, a renewal', () => {
    expect(told(provenCall(provenCall(bound())))).toEqual([]);
    const nonce = { 'dpop-nonce': 'nonce-1', 'access-control-expose-headers': 'WWW-Authenticate, DPoP-Nonce' };
    const log = provenCall(bound()).call('search', {
      scheme: 'DPoP',
      token: BOUND_TOKEN,
      status: 401,
      challenge: 'DPoP error="use_dpop_nonce", algs="ES256"',
      headers: nonce,
      requestHeaders: { dpop: callProof() },
    });
    expect(told(provenCall(log, callProof({ nonce: 'nonce-1' })))).toEqual([]);
  });

  test('DPoP: a nonce asked for by the authorization server, and the same code again', () => {
    const htu = `${ISSUER}/token`;
    const log = discovery().az({ scope: 'r' });
    const code = 'code-1-abcdefghijklmnop';
    const verifier = `verifier-1-0123456789012345678901234567890123456789`;
    const form = { code, code_verifier: verifier };
    const answerBody = JSON.stringify({ access_token: BOUND_TOKEN, token_type: 'DPoP', expires_in: 3600, scope: 'r' });
    log.tk({
      error: 'use_dpop_nonce',
      answerHeaders: { 'dpop-nonce': 'nonce-1' },
      requestHeaders: { dpop: proof({ htu }) },
    });
    log.tk({ token: BOUND_TOKEN, answerBody, form, requestHeaders: { dpop: proof({ htu, nonce: 'nonce-1' }) } });
    expect(told(provenCall(log))).toEqual([]);
  });

  test.each(['2025-11-25', '2026-07-28'] as const)(
    'client credentials in %s: with HTTP Basic, and with an assertion',
    (revision) => {
      expect(told(program(begun(revision), { grant_type: 'client_credentials', scope: 'r' }, BASIC))).toEqual([]);
      const client_assertion = jws({ alg: 'ES256' }, { iss: CLIENT, sub: CLIENT, aud: ISSUER, jti: 'assertion-1' });
      const form = {
        grant_type: 'client_credentials',
        scope: 'r',
        client_assertion,
        client_assertion_type: ASSERTION_TYPE,
      };
      expect(told(program(begun(revision), form))).toEqual([]);
    },
  );

  test('client credentials: asked for again when the token has run out', () => {
    const form = { grant_type: 'client_credentials', scope: 'r' };
    const log = program(begun(), form, BASIC).wait(3_600_000);
    expect(told(program(log.call('search', { token: 'access-token-of-a-program-01' }), form, BASIC))).toEqual([]);
  });

  test('workload identity: an assertion in place of a person', () => {
    const assertion = jws({ alg: 'RS256' }, { iss: IDP, sub: 'workload-1', aud: ISSUER, jti: 'assertion-2' });
    expect(told(program(begun(), { grant_type: JWT_BEARER, assertion, scope: 'r' }))).toEqual([]);
  });

  test('enterprise-managed authorization: token exchange at the identity provider, then its assertion', () => {
    const id_token = jws({ alg: 'RS256' }, { iss: IDP, sub: 'person-1', aud: CLIENT, nonce: 'n-1' });
    const grant = jws(
      { alg: 'RS256', typ: 'oauth-id-jag+jwt' },
      { iss: IDP, sub: 'person-1', aud: ISSUER, jti: 'jag-1' },
    );
    const exchange = new URLSearchParams({
      grant_type: TOKEN_EXCHANGE,
      requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      audience: ISSUER,
      resource: SERVER,
      subject_token: id_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      scope: 'r',
    }).toString();
    const body = JSON.stringify({
      access_token: grant,
      issued_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      token_type: 'N_A',
      expires_in: 300,
    });
    const answer = { headers: { 'cache-control': 'no-store' }, body, mimeType: 'application/json' };
    const log = begun().raw('POST', `${IDP}/token`, answer, {}, { ...FORM, ...BASIC }, exchange);
    expect(told(program(log, { grant_type: JWT_BEARER, assertion: grant, scope: 'r' }, BASIC))).toEqual([]);
  });

  test('token exchange: the token of the MCP server is exchanged for another one', () => {
    const log = signedIn();
    const form = new URLSearchParams({
      grant_type: TOKEN_EXCHANGE,
      subject_token: log.token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: 'https://api.example.net',
    }).toString();
    const body = JSON.stringify({
      access_token: 'exchanged-token-0123456789',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: 300,
    });
    const answer = { headers: { 'cache-control': 'no-store' }, body, mimeType: 'application/json' };
    log.raw('POST', `${IDP}/token`, answer, {}, { ...FORM, ...BASIC }, form).call('search');
    expect(told(log)).toEqual([]);
  });

  test('the filter hides nothing of these flows: no fault of a client, and a fault in them is told', () => {
    const ordinary = EVERY_REVISION.flatMap((revision) => outcomes(signedIn({ revision })));
    expect(ordinary.filter(({ kind, party }) => kind === 'fail' && party !== 'authorization-server')).toEqual([]);
    expect(told(bound().call('search', { token: BOUND_TOKEN }))).toContain('sep-1932-client-dpop-auth-scheme error');
    expect(told(program(begun(), { grant_type: 'client_credentials', client_id: CLIENT }))).toContain(
      'client-credentials-grant-type error',
    );
    expect(told(discovered().az({ scope: 'r' }).tk({ refresh: RT1 }).call('search', { token: 'undefined' }))).toContain(
      'invalid-bearer-token error',
    );
  });
});
