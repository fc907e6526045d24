import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, errors, importJWK, type JWK } from 'jose';
import { asObject, type JsonObject, member, stringMember } from '../../../protocol/json.ts';
import type { VerifyingKey } from './key-set.ts';

/** What a look at a signature yields. */
export type SignatureResult =
  | {
      readonly state: 'verified';
      readonly algorithm: string;
      readonly key: VerifyingKey;
      /** RFC 7638, SHA-256. */
      readonly thumbprint: string;
    }
  /** The key that the token names, or every key that could be meant, did not make this signature. */
  | { readonly state: 'wrong'; readonly tried: readonly VerifyingKey[] }
  | { readonly state: 'no-key'; readonly id: string | null; readonly known: readonly (string | null)[] }
  /** Nobody should accept this token, whatever its signature. */
  | { readonly state: 'refused'; readonly why: 'unsigned' | 'shared-secret' | 'critical' | 'unreadable' }
  /** A key is there, and this browser cannot use it. */
  | { readonly state: 'unusable-key'; readonly message: string };

/**
 * Checks the signature of a JWS in compact form (RFC 7515) against an issuer's keys. The algorithm is the key's: what
 * the token says can only exclude a key. Keys that the token brings along or points to (`jwk`, `jku`, `x5c`, `x5u`)
 * are not looked at. Says nothing of expiry, audience or issuer.
 */
export async function verifySignature(token: string, keys: readonly VerifyingKey[]): Promise<SignatureResult> {
  const header = headerOf(token);
  if (header === null) return { state: 'refused', why: 'unreadable' };
  const claimed = stringMember(header, 'alg') ?? '';
  if (claimed === '') return { state: 'refused', why: 'unreadable' };
  if (claimed.toLowerCase() === 'none' || token.endsWith('.')) return { state: 'refused', why: 'unsigned' };
  if (/^HS\d/i.test(claimed)) return { state: 'refused', why: 'shared-secret' };
  if (member(header, 'crit') !== undefined) return { state: 'refused', why: 'critical' };
  const id = stringMember(header, 'kid');
  const able = candidates(keys, id).filter(({ algorithms }) => algorithms.includes(claimed));
  if (able.length === 0) return { state: 'no-key', id, known: keys.map((key) => key.id) };
  let broken: string | null = null;
  const tried: VerifyingKey[] = [];
  for (const key of able) {
    try {
      const jwk = key.jwk as JWK;
      await compactVerify(token, await importJWK(jwk, claimed), { algorithms: [...key.algorithms] });
      return { state: 'verified', algorithm: claimed, key, thumbprint: await calculateJwkThumbprint(jwk) };
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) tried.push(key);
      else broken = error instanceof Error ? error.message : String(error);
    }
  }
  return tried.length === 0 && broken !== null ? { state: 'unusable-key', message: broken } : { state: 'wrong', tried };
}

/** The keys of that id; without an id, or where the set gives none, every key that may be meant. */
function candidates(keys: readonly VerifyingKey[], id: string | null): readonly VerifyingKey[] {
  if (id === null) return keys;
  const named = keys.filter((key) => key.id === id);
  return named.length > 0 ? named : keys.filter((key) => key.id === null);
}

function headerOf(token: string): JsonObject | null {
  try {
    return asObject(decodeProtectedHeader(token));
  } catch {
    return null;
  }
}
