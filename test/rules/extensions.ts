import { createHash } from 'node:crypto';
import { ISSUER, jws, SERVER, type Traffic, traffic } from '../traffic/traffic.ts';

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
export const BOUND_TOKEN = 'dpop-access-token-0123456789';

let proofs = 0;

/** A DPoP proof (RFC 9449 section 4.2) for a request a little after the log began. */
export function proof(claims: object = {}, header: object = {}): string {
  proofs += 1;
  const iat = Date.parse('2026-11-02T09:00:01.000Z') / 1000;
  const ordinary = { jti: `proof-${proofs}`, htm: 'POST', htu: SERVER, iat };
  return jws({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: 'EC' }, ...header }, { ...ordinary, ...claims });
}

/** A proof for a call with the token. */
export function callProof(claims: object = {}, header: object = {}): string {
  return proof({ ath: createHash('sha256').update(BOUND_TOKEN).digest('base64url'), ...claims }, header);
}

/** The answer with a token that is bound to a key. */
export const BOUND_ANSWER = JSON.stringify({
  access_token: BOUND_TOKEN,
  token_type: 'DPoP',
  expires_in: 3600,
  scope: 'r',
});

/** Discovery and registration at an authorization server that has no refresh tokens to offer. */
export function discovery(): Traffic {
  return traffic()
    .challenge({ scope: 'r' })
    .prm({ scopes: ['r'] })
    .asm({ scopes: ['r'] })
    .reg();
}

/** Signed in with DPoP, each request with its proof. */
export function bound(): Traffic {
  const requestHeaders = { dpop: proof({ htu: `${ISSUER}/token` }) };
  return discovery().az({ scope: 'r' }).tk({ token: BOUND_TOKEN, requestHeaders, answerBody: BOUND_ANSWER }).as('TK');
}

/** A call with the bound token and a proof of its own. */
export function provenCall(log: Traffic, dpop = callProof(), what = 'search'): Traffic {
  return log.call(what, { scheme: 'DPoP', token: BOUND_TOKEN, requestHeaders: { dpop } });
}

/** A token request of a program, and a call with what it got. */
export function program(
  log: Traffic,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Traffic {
  const token = 'access-token-of-a-program-01';
  const body = JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3600, scope: 'r' });
  const text = new URLSearchParams({ resource: SERVER, ...form }).toString();
  const answer = { headers: { 'cache-control': 'no-store' }, body, mimeType: 'application/json' };
  log.raw('POST', `${ISSUER}/token`, answer, {}, { ...FORM, ...headers }, text).as('TK');
  return log.call('tools/list', { token }).call('search', { token });
}
