import { sha256 } from '@noble/hashes/sha2.js';
import { base64url } from 'jose';

/** The S256 code challenge of a code verifier: BASE64URL(SHA256(ASCII(verifier))) (RFC 7636 section 4.2). */
export function s256(verifier: string): string {
  return base64url.encode(sha256(new TextEncoder().encode(verifier)));
}
