import type { Range } from '../../../protocol/range.ts';

/** Where one of the words first stands in a text, letters of either case; null when none does. */
export function findWords(text: string, words: readonly string[]): Range | null {
  const lower = text.toLowerCase();
  let found: Range | null = null;
  for (const word of words) {
    const at = lower.indexOf(word);
    if (at >= 0 && (found === null || at < found[0])) found = [at, at + word.length];
  }
  return found;
}

/** `findWords`, as a range of the text itself: some letters change their length in lower case. */
export function wordsIn(text: string, words: readonly string[]): { readonly range: Range | null } | null {
  const found = findWords(text, words);
  return found && { range: text.toLowerCase().length === text.length ? found : null };
}

/** A refusal for want of a credential. */
export const UNAUTHENTICATED = [
  'unauthorized',
  'unauthorised',
  'authentication required',
  'authorization required',
  'auth required',
  'missing bearer token',
  'missing access token',
  'missing auth token',
  'missing authentication token',
  'missing authorization',
];

const TOKEN_NAMES = ['access token', 'bearer token', 'jwt'];
const STATES = ['expired', 'invalid'];

/** A token that is no good. */
export const BAD_TOKEN = TOKEN_NAMES.flatMap((name) =>
  STATES.flatMap((state) => [`${name} ${state}`, `${name} is ${state}`, `${name} has ${state}`]),
);

/** A refusal for want of a scope. */
export const MISSING_SCOPE = [
  'insufficient_scope',
  'insufficient scope',
  'insufficient-scope',
  'insufficientscope',
  'required scope',
  'missing scope',
];

/** What an authentication failure calls itself inside a result; a bare number proves nothing. */
export const HIDDEN_FAILURE = [
  'invalid_token',
  'token expired',
  'token has expired',
  'token is expired',
  'jwt expired',
  'unauthorized',
  'http 401',
  'status 401',
  'status code 401',
  'error 401',
  'code: 401',
  '(401)',
];
