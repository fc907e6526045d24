import { hasVerifierForm, s256 } from '../../protocol/pkce.ts';
import type { Token } from '../../story/model.ts';
import { base64OfBytes, decodeBase64, decodePercent, encodeBase64Url, encodePercent, toBase64Url } from './encoding.ts';
import { isPlaceholder, type Kind, kinds, readableClaims, unguessableKinds } from './names.ts';
import { Finder, shortest } from './search.ts';

/**
 * The names of all secrets of one file. Filled while the input is read through
 * once (`name` then records), sealed, and then asked for aliases (`name` then answers).
 */
export class Vault {
  /** Kind by secret, in the order they were met. */
  readonly #kinds = new Map<string, Kind>();
  readonly #numbers = new Map<string, number>();
  readonly #aliases = new Map<string, string>();
  readonly #tokenIds = new Map<string, string>();
  readonly #ids = new Set<string>();
  /** Input text that has the look of an alias: its number is not given to a secret. */
  readonly #taken = new Set<string>();
  readonly #public = new Set<string>();
  readonly #next = new Map<Kind, number>();
  readonly #verifiers = new Map<string, string>();
  /** Access tokens by their hash, as a proof of possession names them (RFC 9449 section 4.2, `ath`). */
  readonly #tokenHashes = new Map<string, string>();
  readonly #counters = new Map<string, number>();
  #sealed = false;
  /** Header fields that the traffic itself declares to be credentials; lower case. */
  readonly secretHeaders = new Set<string>();

  /**
   * @param tokens the story's tokens: their aliases are their ids
   * @param marked the input is itself a redacted file: what has the look of an alias is one
   * @param keeps kinds that stay readable
   */
  constructor(
    tokens: readonly Token[],
    readonly marked: boolean,
    readonly keeps: ReadonlySet<Kind>,
  ) {
    for (const token of tokens) {
      if (isPlaceholder(token.value) || this.#kinds.has(token.value)) continue;
      this.#kinds.set(token.value, token.kind === 'access' ? 'at' : token.kind === 'refresh' ? 'rt' : 'id');
      this.#tokenIds.set(token.value, token.id);
      this.#ids.add(token.id);
      this.#jwt(token.value, '');
    }
  }

  /** The alias of a secret that stands in a place of that kind; placeholders and kept kinds come back as they are. */
  name(kind: Kind, value: string): string {
    if (isPlaceholder(value)) return value;
    const secret = this.#canonical(value);
    const known = this.#kinds.get(secret);
    if (known === undefined && this.keeps.has(kind)) return value;
    if (known === undefined) {
      if (this.marked && isAlias(secret)) {
        if (kind === 'verifier') this.#verifiers.set(s256(secret), secret);
        return secret;
      }
      this.#kinds.set(secret, kind);
      // The claims are secrets of their own, wherever else they stand.
      if (!this.#sealed) this.#jwt(secret, '');
    } else if (known === 'cookie' && kind !== 'cookie' && kind !== 'text' && !this.#sealed) {
      // What else it is says more, and is met in that place whether or not the cookies of other traffic are read.
      this.#kinds.delete(secret);
      this.#kinds.set(secret, kind);
    }
    return this.#sealed ? this.#alias(secret) : value;
  }

  /** Records a public value (scope, endpoint, tool name, ...) that a guessable secret may resemble by chance. */
  publish(value: string): void {
    if (!this.#sealed && value.length >= shortest && value.length < 2000) this.#public.add(value);
  }

  /** Records of running text, which may quote a secret, what can be no secret that a server made: words and addresses. */
  publishText(text: string): void {
    for (const word of text.split(/[\s",;=]+/)) {
      if (isSpoken(word)) this.publish(word);
      else if (/^https?:\/\//.test(word)) this.publish(word.replace(/[?#].*$/s, ''));
    }
  }

  /** Records input text, so that no alias is handed out that already stands in it. */
  see(text: string): void {
    if (this.#sealed || this.marked || !text.includes('-')) return;
    for (const match of text.matchAll(aliasWord)) this.#taken.add(match[0]);
  }

  /** Ends the first reading: from now on `name` answers. Returns the search for all secrets that are long enough. */
  seal(): Finder {
    this.#sealed = true;
    for (const [secret, kind] of this.#kinds) {
      if (kind === 'verifier') this.#verifiers.set(s256(secret), secret);
      if (kind === 'at') this.#tokenHashes.set(s256(secret), secret);
      if (kind === 'session') {
        const skeleton = withoutDigits(secret);
        this.#counters.set(skeleton, (this.#counters.get(skeleton) ?? 0) + 1);
      }
    }
    const finder = new Finder();
    const publicText = [...this.#public].join('\n');
    const resembled = this.#resembled(publicText);
    for (const [secret, kind] of this.#kinds) {
      if (secret.length < shortest || kind === 'text' || isAlias(secret)) continue;
      if (this.#isPublic(secret, kind, resembled)) continue;
      const alias = this.#alias(secret);
      for (const form of formsOf(secret)) finder.add(form, alias);
    }
    return finder;
  }

  /** Every secret met, in the order of meeting, with what it becomes; kinds that stay readable are left out. */
  *replaced(): Generator<{ readonly kind: Kind; readonly original: string; readonly alias: string }> {
    for (const [original, kind] of this.#kinds) yield { kind, original, alias: this.#alias(original) };
  }

  /** Whether text that looks like a token's alias must be escaped because a token has that alias. */
  isTokenAlias(text: string): boolean {
    return !this.marked && this.#ids.has(text);
  }

  /** Whether a secret is taken out only where it stands as one: public text has it, and maybe by chance. */
  #isPublic(secret: string, kind: Kind, resembled: ReadonlySet<string>): boolean {
    if (unguessableKinds.has(kind)) return isSpoken(secret) && this.#public.has(secret);
    return looksRandom(secret) ? this.#public.has(secret) : resembled.has(secret);
  }

  #resembled(publicText: string): ReadonlySet<string> {
    const guessable = new Finder();
    for (const [secret, kind] of this.#kinds) if (!unguessableKinds.has(kind)) guessable.add(secret, secret);
    return new Set(guessable.split(publicText).flatMap((piece) => (piece.fixed ? [piece.text] : [])));
  }

  /** A percent-encoded spelling of a known secret is that secret. */
  #canonical(value: string): string {
    if (!value.includes('%') || this.#kinds.has(value)) return value;
    const plain = decodePercent(value);
    return plain === '' ? value : plain;
  }

  #alias(secret: string): string {
    const known = this.#aliases.get(secret);
    if (known !== undefined) return known;
    const alias = this.#makeAlias(secret, this.#kinds.get(secret) ?? 'field');
    this.#aliases.set(secret, alias);
    return alias;
  }

  #makeAlias(secret: string, kind: Kind): string {
    if (kind === 'challenge') {
      const verifier = this.#verifiers.get(secret);
      if (verifier !== undefined) return this.marked && isAlias(verifier) ? secret : s256(this.#alias(verifier));
    }
    const alias = this.#tokenIds.get(secret) ?? `${kind}-${this.#number(secret, kind)}`;
    switch (kind) {
      case 'state':
      case 'key':
        return secret.length < 16 ? alias : alias + longSuffix;
      case 'verifier':
      case 'challenge':
        // Rules compare nothing that has not the form of one.
        return hasVerifierForm(secret) ? alias + verifierSuffix : alias;
      case 'session':
        if ((this.#counters.get(withoutDigits(secret)) ?? 0) > 1) return alias + counterSuffix;
        return bits(secret) < 64 ? alias : `${alias}-${s256(alias).slice(0, 22)}`;
      case 'text':
        return alias;
      default:
        return this.#jwt(secret, alias) ?? alias;
    }
  }

  #number(secret: string, kind: Kind): number {
    const known = this.#numbers.get(secret);
    if (known !== undefined) return known;
    let number = this.#next.get(kind) ?? 1;
    while (this.#taken.has(`${kind}-${number}`) || this.#ids.has(`${kind}-${number}`)) number++;
    this.#next.set(kind, number + 1);
    this.#numbers.set(secret, number);
    return number;
  }

  /** A JWT stays one: header, claim names and the readable claims; its alias is the signature. */
  #jwt(token: string, alias: string): string | null {
    const parts = token.split('.');
    const [header, claims] = parts;
    if (parts.length !== 3 || header === undefined || claims === undefined) return null;
    const shownHeader = this.#jwtPart(header, true);
    const shownClaims = this.#jwtPart(claims, false);
    return shownHeader === null || shownClaims === null ? null : `${shownHeader}.${shownClaims}.${alias}`;
  }

  #jwtPart(part: string, isHeader: boolean): string | null {
    const text = decodeBase64(part);
    if (text === null || !text.startsWith('{')) return null;
    try {
      const claims: unknown = JSON.parse(text);
      if (typeof claims !== 'object' || claims === null) return null;
      const known = new Map<string, unknown>(Object.entries(claims));
      // A client that speaks for itself is its own subject (RFC 7523 section 3): a name, and not a person's.
      const isOwnSubject = known.get('sub') === known.get('iss');
      const shown = [...known].map(([name, value]) => [
        name,
        isOwnSubject && name === 'sub' ? value : this.#claim(name, value, isHeader, 0),
      ]);
      return encodeBase64Url(JSON.stringify(Object.fromEntries(shown)));
    } catch {
      return null;
    }
  }

  #claim(name: string, value: unknown, isHeader: boolean, depth: number): unknown {
    if (isHeader || (depth === 0 && readableClaims.has(name))) return value;
    if (depth === 0 && typeof value === 'string') {
      // The request that a proof is for stands beside it; a query may hold secrets.
      if (name === 'htm' || (name === 'htu' && !/[?#]/.test(value))) return value;
      const token = name === 'ath' && this.#sealed ? this.#tokenHashes.get(value) : undefined;
      if (token !== undefined) return s256(this.#alias(token));
    }
    if (value === null || typeof value === 'boolean' || depth > 20) return depth > 20 ? null : value;
    if (Array.isArray(value)) return value.map((item) => this.#claim(name, item, false, depth + 1));
    if (typeof value === 'object') {
      const members = Object.entries(value).map(([key, item]) => [key, this.#claim(key, item, false, depth + 1)]);
      return Object.fromEntries(members);
    }
    return this.name(
      name === 'sub' ? 'sub' : name === 'nonce' ? 'nonce' : name === 'sid' ? 'session' : 'claim',
      String(value),
    );
  }
}

const longSuffix = '-16-or-longer';
const verifierSuffix = '-stands-for-43-or-more-characters';
const counterSuffix = '-counts-up-in-a-row';
const names = kinds.join('|');
const aliasWord = new RegExp(`\\b(?:${names})-[0-9]{1,9}\\b`, 'g');
const wholeAlias = new RegExp(
  `^(?:${names})-[1-9][0-9]{0,8}(?:${longSuffix}|${verifierSuffix}|${counterSuffix}|-[A-Za-z0-9_-]{22})?$`,
);

/** Whether the text is made of words: `files:read`, `invalid_token`; what a server made to be unguessable is not. */
function isSpoken(text: string): boolean {
  return text.length < 100 && /^[A-Za-z]?[a-z]{0,17}(?:[-_.:/]+[A-Za-z]?[a-z]{0,17})*$/.test(text);
}

/** Whether nobody writes such text by chance. */
function looksRandom(text: string): boolean {
  return /^[\w~-]{12,}$/.test(text) && !isSpoken(text);
}

/** Whether the text is an alias (or a JWT signed with one), as an earlier redaction writes it. */
export function isAlias(text: string): boolean {
  return text.length < 80
    ? wholeAlias.test(text)
    : text.split('.').length === 3 && wholeAlias.test(text.slice(text.lastIndexOf('.') + 1));
}

/** All spellings under which a secret may turn up inside other text. */
function formsOf(secret: string): readonly string[] {
  const encoded = encodePercent(secret);
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inHtml = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const inForm = encoded.replaceAll('%20', '+');
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase());
  return [secret, encoded, lower, inForm, encodePercent(encoded), inJson, inHtml, ...base64Cores(secret)];
}

/** The base64 characters that the secret alone determines, at each of the three alignments. */
function base64Cores(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  return [0, 1, 2].flatMap((offset) => {
    const padded = new Uint8Array(offset + bytes.length);
    padded.set(bytes, offset);
    const text = base64OfBytes(padded);
    const from = offset === 0 ? 0 : offset + 1;
    const core = text.slice(from, Math.floor((padded.length * 8) / 6));
    return core.length < 10 ? [] : [core, toBase64Url(core)];
  });
}

function withoutDigits(text: string): string {
  return text.replace(/[0-9]/g, '#');
}

/** Length times the width of the alphabet in use, in bits. */
function bits(text: string): number {
  let alphabet = 0;
  if (/[0-9]/.test(text)) alphabet += 10;
  if (/[a-z]/.test(text)) alphabet += /[g-z]/.test(text) ? 26 : 6;
  if (/[A-Z]/.test(text)) alphabet += /[G-Z]/.test(text) ? 26 : 6;
  if (/[^0-9A-Za-z]/.test(text)) alphabet += 2;
  return text.length * Math.log2(Math.max(2, alphabet));
}
