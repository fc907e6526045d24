import { decodeJwt, decodeProtectedHeader } from 'jose';
import { asObject, type JsonObject, member, numberMember, stringMember, stringsMember } from './json.ts';
import { parseScope } from './scope.ts';

/** What a JWT says of itself (RFC 7519). Nothing is verified: these are claims, not facts. */
export interface Jwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly issuer: string | null;
  readonly audience: readonly string[];
  readonly subject: string | null;
  /** `client_id` (RFC 9068 section 2.2), else `azp`. */
  readonly clientId: string | null;
  /** `scope` (RFC 8693 section 4.2), else `scp`; null when neither names one. */
  readonly scope: readonly string[] | null;
  /** `exp` in milliseconds since the epoch. */
  readonly expiresAt: number | null;
  /** `iat` in milliseconds since the epoch. */
  readonly issuedAt: number | null;
  readonly id: string | null;
  /** The header's `typ`, as `at+jwt` (RFC 9068 section 2.1). */
  readonly type: string | null;
}

/** Reads a JWS-form JWT; null unless it is three base64url parts with JSON objects as header and claims. */
export function readJwt(token: string): Jwt | null {
  if (!isCompactJws(token)) return null;
  const header = attempt(() => asObject(decodeProtectedHeader(token)));
  const claims = attempt(() => asObject(decodeJwt(token)));
  if (header === null || claims === null) return null;
  return {
    header,
    claims,
    issuer: stringMember(claims, 'iss'),
    audience: stringsMember(claims, 'aud') ?? listOf(stringMember(claims, 'aud')),
    subject: stringMember(claims, 'sub'),
    clientId: stringMember(claims, 'client_id') ?? stringMember(claims, 'azp'),
    scope: scopeClaim(claims, 'scope') ?? scopeClaim(claims, 'scp'),
    expiresAt: milliseconds(claims, 'exp'),
    issuedAt: milliseconds(claims, 'iat'),
    id: stringMember(claims, 'jti'),
    type: stringMember(header, 'typ'),
  };
}

/** Three parts of base64url characters; the signature may be empty (RFC 7519 section 6). */
function isCompactJws(token: string): boolean {
  let dots = 0;
  let length = 0;
  for (let i = 0; i < token.length; i += 1) {
    const code = token.charCodeAt(i);
    if (code === 0x2e) {
      if (length === 0) return false;
      dots += 1;
      length = 0;
    } else if (isBase64Url(code)) length += 1;
    else return false;
  }
  return dots === 2;
}

function isBase64Url(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2d ||
    code === 0x5f
  );
}

function scopeClaim(claims: JsonObject, name: string): readonly string[] | null {
  const value = member(claims, name);
  const scopes = typeof value === 'string' ? parseScope(value) : stringsMember(claims, name);
  return scopes === null || scopes.length === 0 ? null : scopes;
}

function milliseconds(claims: JsonObject, name: string): number | null {
  const seconds = numberMember(claims, name);
  return seconds !== null && Number.isFinite(seconds * 1000) ? seconds * 1000 : null;
}

function listOf(value: string | null): readonly string[] {
  return value === null ? [] : [value];
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
