import { type Exchange, headerValues } from '../../../exchange/exchange.ts';
import { stringMember } from '../../../protocol/json.ts';
import { readJwt } from '../../../protocol/jwt.ts';
import { s256 } from '../../../protocol/pkce.ts';
import { canonicalUrl } from '../../../protocol/resource.ts';
import { parseUrl } from '../../../protocol/url.ts';

/** A DPoP proof (RFC 9449 section 4.2) as a request carried it. */
export interface Proof {
  readonly type: string | null;
  readonly method: string | null;
  readonly url: string | null;
  readonly tokenHash: string | null;
  readonly id: string | null;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number | null;
  readonly nonce: string | null;
}

/** The proof of a request; `none` without the header, `unreadable` when it is no JWT (a recorder may have replaced it). */
export function proofOf({ request }: Exchange): Proof | 'none' | 'several' | 'unreadable' {
  const [value, ...others] = headerValues(request.headers, 'dpop');
  if (value === undefined) return 'none';
  if (others.length > 0) return 'several';
  const jwt = readJwt(value);
  if (!jwt) return 'unreadable';
  return {
    type: jwt.type,
    method: stringMember(jwt.claims, 'htm'),
    url: stringMember(jwt.claims, 'htu'),
    tokenHash: stringMember(jwt.claims, 'ath'),
    id: jwt.id,
    issuedAt: jwt.issuedAt,
    nonce: stringMember(jwt.claims, 'nonce'),
  };
}

/** How far a proof's `iat` may be from the time it was sent, milliseconds. */
const FRESH = 300_000;

/** What is wrong with a proof for its request (RFC 9449 sections 4.2 and 7), in words; null when nothing is. */
export function proofFault(proof: Proof, { method, url, sent }: Exchange, token: string | null): string | null {
  if (proof.type?.toLowerCase() !== 'dpop+jwt') return 'is not of type dpop+jwt';
  if (proof.method !== method) return `is for the method ${proof.method ?? '(none)'}, not ${method}`;
  if (proof.url === null || withoutQuery(proof.url) !== withoutQuery(url)) return 'is for another URL';
  if (token !== null && proof.tokenHash !== s256(token))
    return proof.tokenHash === null ? 'has no ath' : 'is for another token';
  if (proof.id === null) return 'has no jti';
  if (proof.issuedAt === null) return 'has no iat';
  return Math.abs(proof.issuedAt - sent) > FRESH ? 'was not made for this moment' : null;
}

/** RFC 9449 section 4.3: compared without query and fragment, after normalisation. */
function withoutQuery(url: string): string {
  const parsed = parseUrl(url);
  if (parsed === null) return url;
  parsed.search = '';
  parsed.hash = '';
  return canonicalUrl(parsed.href);
}
