/** Base64 and percent-encoding without a platform's own types; null instead of an exception. */

/** Decodes base64 or base64url text to UTF-8 text; null when it is not base64 or the bytes are not UTF-8. */
export function decodeBase64(text: string): string | null {
  const bytes = bytesOfBase64(text);
  if (bytes === null) return null;
  // Most words that could be base64 are not: an exception for each would cost more than all the rest.
  const decoded = utf8.decode(bytes);
  return decoded.includes('\ufffd') && !isSame(new TextEncoder().encode(decoded), bytes) ? null : decoded;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Decodes base64 or base64url text to bytes; null when it is not base64. */
export function bytesOfBase64(text: string): Uint8Array | null {
  // No four characters stand for less than one byte; white space may lie between.
  if (text.length % 4 === 1 && !/[\s=]/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
    return bytes;
  } catch {
    return null;
  }
}

/** Base64 (RFC 4648 section 4) of the text's UTF-8 bytes. */
export function encodeBase64(text: string): string {
  return base64OfBytes(new TextEncoder().encode(text));
}

export function base64OfBytes(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(binary);
}

/** Base64url without padding (RFC 4648 section 5), as in a JWT. */
export function encodeBase64Url(text: string): string {
  return toBase64Url(encodeBase64(text));
}

export function toBase64Url(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Decodes every well-formed run of %XX; what is ill-formed stays as it is. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run;
      }
    });
  }
}

/** Decodes a value of a form or a query: `+` is a space (WHATWG URL, application/x-www-form-urlencoded). */
export function decodeForm(text: string): string {
  return decodePercent(text.replaceAll('+', ' '));
}

/** Percent-encodes; lone surrogates become U+FFFD, as a browser would send them. */
export function encodePercent(text: string): string {
  return encodeURIComponent(text.replace(loneSurrogate, '\ufffd'));
}

/** Whether the text is nothing but base64 or base64url characters with at most two paddings. */
export function looksBase64(text: string): boolean {
  let end = text.length;
  if (end < 12) return false;
  if (text.charCodeAt(end - 1) === 0x3d) end--;
  if (text.charCodeAt(end - 1) === 0x3d) end--;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    const letter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
    const digit = code >= 0x30 && code <= 0x39;
    if (!letter && !digit && code !== 0x2b && code !== 0x2f && code !== 0x2d && code !== 0x5f) return false;
  }
  return true;
}

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
