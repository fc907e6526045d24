import { asObject, type JsonObject, member, objectsOf, parseJson, stringMember } from '../../../protocol/json.ts';

/** UTF-16 code units of a JWKS and keys in it, at most. */
export const largestKeySet = 256 * 1024;
const mostKeys = 100;

/** A public key of a JSON Web Key Set (RFC 7517), and the algorithms that it may verify. */
export interface VerifyingKey {
  readonly id: string | null;
  readonly type: string;
  /** JWS algorithms (RFC 7518 section 3.1, RFC 8037, RFC 9864) by the key's own `alg`, else its type and curve. */
  readonly algorithms: readonly string[];
  /** Public members only. */
  readonly jwk: JsonObject;
}

export type KeySet =
  | { readonly ok: true; readonly keys: readonly VerifyingKey[]; readonly unusable: number }
  | { readonly ok: false; readonly why: 'too-large' | 'not-a-key-set' | 'too-many-keys' };

/** Reads a JWKS; symmetric keys, keys for encryption and unknown ones are counted as unusable. */
export function readKeySet(text: string): KeySet {
  if (text.length > largestKeySet) return { ok: false, why: 'too-large' };
  const set = asObject(parseJson(text));
  const listed = set === null ? null : member(set, 'keys');
  if (!Array.isArray(listed)) return { ok: false, why: 'not-a-key-set' };
  if (listed.length > mostKeys) return { ok: false, why: 'too-many-keys' };
  const keys = objectsOf(listed).flatMap((jwk) => readKey(jwk) ?? []);
  return { ok: true, keys, unusable: listed.length - keys.length };
}

const rsa: readonly string[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const byCurve: ReadonlyMap<string, readonly string[]> = new Map([
  ['EC P-256', ['ES256']],
  ['EC P-384', ['ES384']],
  ['EC P-521', ['ES512']],
  ['OKP Ed25519', ['EdDSA', 'Ed25519']],
]);
const publicMembers: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
};

function readKey(jwk: JsonObject): VerifyingKey | null {
  const type = stringMember(jwk, 'kty') ?? '';
  const needed = Object.hasOwn(publicMembers, type) ? publicMembers[type] : undefined;
  if (needed === undefined) return null;
  const use = member(jwk, 'use');
  const operations = member(jwk, 'key_ops');
  if (use !== undefined && use !== 'sig') return null;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return null;
  const able = type === 'RSA' ? rsa : (byCurve.get(`${type} ${stringMember(jwk, 'crv') ?? ''}`) ?? []);
  const named = member(jwk, 'alg');
  const algorithms = named === undefined ? able : able.filter((algorithm) => algorithm === named);
  if (algorithms.length === 0) return null;
  const values = needed.map((name) => [name, stringMember(jwk, name)] as const);
  if (values.some(([, value]) => value === null)) return null;
  return { id: stringMember(jwk, 'kid'), type, algorithms, jwk: { kty: type, ...Object.fromEntries(values) } };
}
