/** Character classes of HTTP header fields (RFC 9110 section 5.6). */

const tokenCharacters = characterClass("!#$%&'*+-.^_`|~");
const token68Characters = characterClass('-._~+/');

/** The offset behind the token (RFC 9110 section 5.6.2) that starts at `at`; `at` when there is none. */
export function tokenEnd(text: string, at: number): number {
  return classEnd(text, at, tokenCharacters);
}

/** The offset behind the token68 (RFC 9110 section 11.2) that starts at `at`; `at` when there is none. */
export function token68End(text: string, at: number): number {
  let end = classEnd(text, at, token68Characters);
  if (end === at) return at;
  while (text.charCodeAt(end) === 0x3d) end += 1;
  return end;
}

/** The offset behind optional white space. */
export function skipBlank(text: string, at: number): number {
  let i = at;
  while (isBlank(text.charCodeAt(i))) i += 1;
  return i;
}

/** Space, tab, and the carriage return that a recording may leave at a line's end. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}

/** A comma, or the line feed by which recordings join field lines. */
export function isSeparator(code: number): boolean {
  return code === 0x2c || code === 0x0a;
}

function classEnd(text: string, at: number, allowed: readonly boolean[]): number {
  let i = at;
  while (i < text.length && allowed[text.charCodeAt(i)] === true) i += 1;
  return i;
}

function characterClass(extra: string): readonly boolean[] {
  const allowed: boolean[] = new Array(128).fill(false);
  const add = (characters: string): void => {
    for (const character of characters) allowed[character.charCodeAt(0)] = true;
  };
  add(extra);
  add('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789');
  return allowed;
}
