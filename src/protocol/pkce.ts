import { sha256 } from '@noble/hashes/sha2.js';
import { base64url } from 'jose';

/** The S256 code challenge of a code verifier: BASE64URL(SHA256(ASCII(verifier))) (RFC 7636 section 4.2). */
export function s256(verifier: string): string {
  return base64url.encode(sha256(new TextEncoder().encode(verifier)));
}

/**
 * Whether a text has the form of a code verifier or challenge (RFC 7636 sections 4.1 and 4.2): 43 to 128 unreserved
 * characters. What a redactor left in its place is shorter, or a checksum in hexadecimal digits.
 */
export function hasVerifierForm(text: string): boolean {
  return /^[A-Za-z0-9._~-]{43,128}$/.test(text) && !/^[0-9a-f]{44,}$/.test(text);
}
