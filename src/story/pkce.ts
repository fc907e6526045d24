import { s256 } from '../protocol/pkce.ts';
import type { TokenRequest } from '../protocol/token.ts';
import { oncePer } from './once.ts';

/** The S256 code challenge that the verifier of a token request makes (RFC 7636 section 4.6); null without a verifier. */
export const challengeMadeBy = oncePer(({ codeVerifier }: TokenRequest): string | null =>
  codeVerifier === null || codeVerifier === '' ? null : s256(codeVerifier),
);
