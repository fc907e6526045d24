import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of the UTF-8 of a text, lower-case hexadecimal. */
export function hexSha256(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
