import { decodeBase64, decodePercent, encodePercent } from './encoding.ts';
import { isPlaceholder, type Kind, kindOfMember, kindOfParameter } from './names.ts';
import type { Piece } from './search.ts';
import { isAlias } from './vault.ts';

/** Gives a secret found in prose its alias. */
export type Namer = (kind: Kind, value: string) => string;

/**
 * Credentials in running text: `Bearer abc`, JWTs, keys with a known beginning,
 * `user:password@` in addresses, `access_token=...` and `"password":"..."`.
 * Every step is one pass over the text.
 */
export function redactProse(text: string, name: Namer): string {
  if (!maySay.test(text)) return text;
  let pieces: Piece[] = [{ text, fixed: false }];
  for (const step of [schemes, runs, userinfo, assignments]) {
    pieces = pieces.flatMap((piece) => (piece.fixed ? [piece] : step(piece.text, name)));
  }
  return pieces.map((piece) => piece.text).join('');
}

/** What no credential is without: a scheme's name, the sign behind a name, a known beginning. */
const maySay = /[=:]|bearer|dpop|basic|eyJ|sk[-_]|rk_|gh[a-z]_|github_|glpat-|xox|AIza|AKIA|ya29|npm_|hf_/i;

/** Runs the rewriter over each percent-encoded stretch, decoded; what does not change stays as it is written. */
export function insidePercent(text: string, rewrite: (decoded: string) => string): string {
  if (!text.includes('%')) return text;
  return replaceRuns(text, isUrlCharacter, (run) => {
    if (!run.includes('%')) return run;
    const decoded = decodePercent(run);
    if (decoded === run) return run;
    const shown = rewrite(decoded);
    return shown === decoded ? run : encodePercent(shown);
  });
}

/** Words that follow "Bearer" in English sentences and in challenges. */
const notCredentials: ReadonlySet<string> = new Set(
  (
    'token tokens auth authentication authorization authorisation authorized scheme schemes credential credentials challenge ' +
    'challenges header headers realm error errors error_description error_uri scope resource_metadata is was are not and or for in on of ' +
    'required requires only missing invalid expired value values prefix format type was-missing access only. with without must should ' +
    'methods method usage api key keys flow string schema from to as has have had authenticate response request rejected failed failure ' +
    'methods_supported'
  ).split(' '),
);

/** A scheme's name and the space behind it. */
const credentialStart = /(?:Bearer|DPoP|Basic)(?:[ \t]|%20|\+)/gi;

/** Whether a word of its own begins there: `mcp:basic` is a scope. */
function isOwnWord(text: string, at: number): boolean {
  return !/[\w:./-]/.test(text.charAt(at - 1)) || /authorization:$/i.test(text.slice(Math.max(0, at - 14), at));
}

function schemes(text: string, name: Namer): Piece[] {
  // Most texts hold none, and looking is much quicker than gathering.
  if (text.search(credentialStart) < 0) return [{ text, fixed: false }];
  const pieces: Piece[] = [];
  let kept = 0;
  for (const match of text.matchAll(credentialStart)) {
    if (!isOwnWord(text, match.index)) continue;
    let start = match.index + match[0].length;
    while (text[start] === ' ' || text[start] === '\t') start++;
    if (start < kept) continue;
    let end = start;
    while (end < text.length && isToken68(text.charCodeAt(end))) end++;
    while (text[end] === '=' && end - start > 0) end++;
    while (end > start && (text[end - 1] === '.' || text[end - 1] === '-')) end--;
    const value = text.slice(start, end);
    const bare = value.replaceAll('=', '');
    if (value === '' || notCredentials.has(bare.toLowerCase()) || isPlaceholder(bare)) continue;
    // The word "basic" is common; a credential of that scheme is base64 with a colon inside (RFC 7617).
    if (/^basic/i.test(match[0]) && decodeBase64(value)?.includes(':') !== true) continue;
    // `Bearer name="value"` is a challenge (RFC 9110 section 11.6.1), not a credential.
    if (value.endsWith('=') && (text[end] === '"' || isToken68(text.charCodeAt(end)))) continue;
    pieces.push({ text: text.slice(kept, start), fixed: false }, { text: name('at', value), fixed: true });
    kept = end;
  }
  pieces.push({ text: text.slice(kept), fixed: false });
  return pieces;
}

const keyBeginnings = [
  'sk-',
  'sk_live_',
  'sk_test_',
  'rk_live_',
  'ghp_',
  'gho_',
  'ghu_',
  'ghs_',
  'ghr_',
  'github_pat_',
  'glpat-',
  'xoxb-',
  'xoxp-',
  'xoxa-',
  'AIza',
  'AKIA',
  'ya29.',
  'npm_',
  'hf_',
];

/** JWTs (RFC 7519) and API keys that are known by their beginning. */
function runs(text: string, name: Namer): Piece[] {
  if (!text.includes('eyJ') && !keyBeginnings.some((beginning) => text.includes(beginning)))
    return [{ text, fixed: false }];
  const pieces: Piece[] = [];
  let kept = 0;
  let at = 0;
  while (at < text.length) {
    if (!isRun(text.charCodeAt(at))) {
      at++;
      continue;
    }
    let end = at;
    while (end < text.length && isRun(text.charCodeAt(end))) end++;
    const run = text.slice(at, end);
    const jwt = run.indexOf('eyJ');
    const start = isJwtLike(run, jwt)
      ? at + jwt
      : keyBeginnings.some((key) => run.startsWith(key)) && run.length >= 16
        ? at
        : -1;
    if (start >= 0 && !isAlias(text.slice(start, end))) {
      const alias = name(start === at + jwt ? 'jwt' : 'key', text.slice(start, end));
      pieces.push({ text: text.slice(kept, start), fixed: false }, { text: alias, fixed: true });
      kept = end;
    }
    at = end;
  }
  pieces.push({ text: text.slice(kept), fixed: false });
  return pieces;
}

function isJwtLike(run: string, from: number): boolean {
  if (from < 0) return false;
  const first = run.indexOf('.', from);
  return first - from >= 10 && run.indexOf('.', first + 1) > first + 4;
}

/** `https://user:password@host` (RFC 3986 section 3.2.1). */
function userinfo(text: string, name: Namer): Piece[] {
  const pieces: Piece[] = [];
  let kept = 0;
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const start = at + 3;
    let end = start;
    while (end < text.length && end - start < 1000 && !'/?#"\'<> \t\n\\'.includes(text[end] ?? '')) end++;
    const host = text.lastIndexOf('@', end - 1);
    if (host < start || start < kept) continue;
    const shown = text
      .slice(start, host)
      .split(':')
      .map((part, index) => name(index === 0 ? 'login' : 'password', part))
      .join(':');
    pieces.push({ text: text.slice(kept, start), fixed: false }, { text: shown, fixed: true });
    kept = host;
  }
  pieces.push({ text: text.slice(kept), fixed: false });
  return pieces;
}

/** `name=value`, `name: "value"` and `\"name\":\"value\"` with a name that carries a secret. */
function assignments(text: string, name: Namer): Piece[] {
  const pieces: Piece[] = [];
  let kept = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign !== '=' && sign !== ':') continue;
    const [label, before] = nameBefore(text, at);
    if (label === '') continue;
    const inUrl = sign === '=' && (before === '?' || before === '&' || before === '#');
    const kind = inUrl ? kindOfParameter(label) : kindOfMember(label);
    if (kind === null) continue;
    let start = at + 1;
    while (start < text.length && start - at < 12 && '\\"\' '.includes(text[start] ?? '')) start++;
    const quoted = text.slice(at + 1, start).includes('"') || text.slice(at + 1, start).includes("'");
    if (sign === ':' && !quoted) continue;
    let end = start;
    const stops = quoted ? '\\"\'\n' : '&#;, \t\r\n"\'<>)}\\';
    while (end < text.length && !stops.includes(text[end] ?? '')) end++;
    const value = text.slice(start, end);
    if (value === '' || isPlaceholder(value) || start < kept) continue;
    pieces.push({ text: text.slice(kept, start), fixed: false }, { text: name(kind, value), fixed: true });
    kept = end;
    at = end - 1;
  }
  pieces.push({ text: text.slice(kept), fixed: false });
  return pieces;
}

/** The word that ends before `at` (quotes and spaces between are skipped), and the character before it. */
function nameBefore(text: string, at: number): readonly [name: string, before: string] {
  let end = at;
  while (end > 0 && at - end < 12 && '\\"\' '.includes(text[end - 1] ?? '')) end--;
  let start = end;
  while (start > 0 && end - start < 60 && isNameCharacter(text.charCodeAt(start - 1))) start--;
  return [text.slice(start, end), text[start - 1] ?? ''];
}

function replaceRuns(text: string, belongs: (code: number) => boolean, replace: (run: string) => string): string {
  const out: string[] = [];
  let at = 0;
  while (at < text.length) {
    let end = at;
    while (end < text.length && belongs(text.charCodeAt(end))) end++;
    if (end > at) out.push(replace(text.slice(at, end)));
    at = end;
    while (end < text.length && !belongs(text.charCodeAt(end))) end++;
    out.push(text.slice(at, end));
    at = end;
  }
  return out.join('');
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function isNameCharacter(code: number): boolean {
  return isAlphanumeric(code) || code === 0x5f || code === 0x2d;
}

/** token68 without its padding (RFC 9110 section 11.2). */
function isToken68(code: number): boolean {
  return (
    isAlphanumeric(code) ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x5f ||
    code === 0x7e ||
    code === 0x2b ||
    code === 0x2f
  );
}

function isRun(code: number): boolean {
  return isAlphanumeric(code) || code === 0x2d || code === 0x2e || code === 0x5f;
}

/** Unreserved characters and percent signs: one encoded value of a query. */
function isUrlCharacter(code: number): boolean {
  return isRun(code) || code === 0x7e || code === 0x25 || code === 0x2b || code === 0x2a;
}
