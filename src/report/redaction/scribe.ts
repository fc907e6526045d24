import { mentionsUnauthorized } from '../../protocol/model.ts';
import { enterTalk, failureWords, isPersonal, maskedFailures, mcpTalk, nestTalk, type Talk } from './conversation.ts';
import { decodeBase64, decodeForm, encodeBase64, encodePercent, looksBase64 } from './encoding.ts';
import { rewriteHeader } from './headers.ts';
import { type JsonVisitor, rewriteJson } from './json-text.ts';
import { LONGEST, Memory } from './memory.ts';
import {
  holdsEnvironment,
  isPlaceholder,
  type Kind,
  kindOfMember,
  kindOfParameter,
  normalise,
  publicParameters,
  readableClaims,
  spokenParameters,
} from './names.ts';
import { insidePercent, redactProse } from './prose.ts';
import type { Finder } from './search.ts';
import { isAlias, type Vault } from './vault.ts';

/** How deep text in text (JSON in a string in JSON, an address in an address) is followed. */
const deepest = 8;

/** What a JSON container hands down: which strings in it are secret or personal as a whole. */
export interface JsonContext {
  /** Every string below is one secret of this kind. */
  readonly all: Kind | null;
  /** Members are OAuth parameters: `code` and `state` are secret. */
  readonly oauth: boolean;
  /** Where in a conversation with tools or a model the strings stand; null outside one. */
  readonly talk: Talk | null;
}

/** JSON that is nobody's conversation. */
export const plainJson: JsonContext = { all: null, oauth: false, talk: null };

/**
 * Rewrites text of every form a HAR holds. Without a finder it only records
 * secrets in the vault (first reading); with one it replaces them.
 */
export class Scribe {
  /** Texts of the tool results in the body that is being read. */
  results: readonly string[] = [];
  readonly #fields = new Memory<string>();
  readonly #fieldNames = new Memory<0>();
  /** How many fields were known to be credentials when the others were rewritten. */
  #secretHeaders = 0;
  /** By how deep they stand. */
  readonly #texts: Memory<number> | null;
  readonly #addresses: Memory<number> | null;

  constructor(
    readonly vault: Vault,
    readonly finder: Finder | null,
    /** Input that is spelled like a token's alias is escaped; text that our own rules wrote is not. */
    readonly escapes = true,
  ) {
    // Where a kind stays readable, a value of it is renamed once it turns out to be something else as well.
    const isSteady = finder === null ? [...vault.keeps].every((kind) => kind === 'text') : vault.keeps.size === 0;
    this.#texts = isSteady ? new Memory() : null;
    this.#addresses = isSteady ? new Memory() : null;
  }

  name = (kind: Kind, value: string): string => this.vault.name(kind, value);

  /** What `rewrite` makes of a header field; the same again is not rewritten again. */
  once(name: string, value: string, rewrite: () => string): string {
    const { size } = this.vault.secretHeaders;
    if (size !== this.#secretHeaders) this.#fields.clear();
    this.#secretHeaders = size;
    const known = this.#fields.get(name, value);
    if (known !== undefined) return known;
    return this.#fields.keep(name, value, rewrite());
  }

  /** A header field's name; the same again is not rewritten again. */
  fieldName(name: string): string {
    if (this.finder === null) return name;
    return this.#fieldNames.get(0, name) ?? this.#fieldNames.keep(0, name, this.text(name, 1));
  }

  /** Text of unknown form: JSON, an address, base64 or prose. The same again is not rewritten again. */
  text(text: string, depth = 0): string {
    if (text === '') return text;
    if (this.#texts === null || text.length > LONGEST) return this.#text(text, depth);
    return this.#texts.get(depth, text) ?? this.#texts.keep(depth, text, this.#text(text, depth));
  }

  #text(text: string, depth: number): string {
    if (depth === 0) this.vault.see(text);
    if (depth > deepest) return this.name('field', text);
    const first = text.trimStart()[0];
    if (first === '{' || first === '[') return rewriteJson(text, this.json(rootOf(text), depth));
    if (isAddress(text)) return this.address(text, depth);
    if (looksBase64(text)) {
      const shown = this.#base64(text, depth);
      if (shown !== null) return shown;
    }
    return this.prose(text, depth);
  }

  #base64(text: string, depth: number): string | null {
    const decoded = decodeBase64(text);
    if (decoded === null || decoded.length < 6 || !isPrintable(decoded)) return null;
    const shown = this.text(decoded, depth + 1);
    return shown === decoded ? null : encodeBase64(shown);
  }

  /** Running text: known secrets, then credentials by their look. */
  prose(text: string, depth: number): string {
    if (this.finder === null) return this.#unknown(text, depth);
    return this.finder
      .split(text)
      .map((piece) => (piece.fixed ? piece.text : this.#unknown(piece.text, depth)))
      .join('');
  }

  /** Running text in which no known secret stands. */
  #unknown(text: string, depth: number): string {
    const decoded = insidePercent(this.#escape(text), (inner) => this.text(inner, depth + 1));
    return redactProse(decoded, this.name);
  }

  /** Input text that is spelled like the alias of a token gets a tilde, so that it cannot be taken for one. */
  #escape(text: string): string {
    if (!this.escapes || this.finder === null || this.vault.marked || !text.includes('-')) return text;
    return text.replace(
      /\b(at|rt|id)(~{0,9})-([1-9][0-9]{0,8})\b/g,
      (word, kind: string, tildes: string, number: string) =>
        this.vault.isTokenAlias(`${kind}-${number}`) ? `${kind}${tildes}~-${number}` : word,
    );
  }

  /**
   * An absolute or relative address: user information, query and fragment are read as parameters. The same again is
   * not rewritten again.
   */
  address(address: string, depth = 0): string {
    if (this.#addresses === null || address.length > LONGEST) return this.#address(address, depth);
    return this.#addresses.get(depth, address) ?? this.#addresses.keep(depth, address, this.#address(address, depth));
  }

  #address(address: string, depth: number): string {
    if (depth === 0) this.vault.see(address);
    if (address.startsWith('data:')) return this.#dataAddress(address, depth);
    const hash = address.indexOf('#');
    const beforeHash = hash < 0 ? address : address.slice(0, hash);
    const fragment = hash < 0 ? '' : address.slice(hash + 1);
    const mark = beforeHash.indexOf('?');
    const path = mark < 0 ? beforeHash : beforeHash.slice(0, mark);
    const query = mark < 0 ? '' : `?${this.parameters(beforeHash.slice(mark + 1), depth)}`;
    const shownFragment = fragment.includes('=') ? this.parameters(fragment, depth) : this.prose(fragment, depth);
    return this.prose(path, depth) + query + (hash < 0 ? '' : `#${shownFragment}`);
  }

  #dataAddress(address: string, depth: number): string {
    const comma = address.indexOf(',');
    if (!address.slice(0, comma).endsWith(';base64')) return this.prose(address, depth);
    const decoded = decodeBase64(address.slice(comma + 1));
    if (decoded === null) return address;
    const shown = this.text(decoded, depth + 1);
    return shown === decoded ? address : address.slice(0, comma + 1) + encodeBase64(shown);
  }

  /** A query, a fragment or a form body. With `all`, every value is a secret of that kind unless its name says more. */
  parameters(text: string, depth = 0, all: Kind | null = null): string {
    return text
      .split('&')
      .map((field) => {
        const sign = field.indexOf('=');
        if (sign < 0) return this.prose(field, depth);
        const name = decodeForm(field.slice(0, sign));
        const raw = field.slice(sign + 1);
        const value = decodeForm(raw);
        const shown = this.parameter(name, value, depth, all);
        const shownName = this.prose(field.slice(0, sign), depth);
        return `${shownName}=${shown === value ? raw : encodePercent(shown)}`;
      })
      .join('&');
  }

  /** One decoded parameter. */
  parameter(name: string, value: string, depth = 0, all: Kind | null = null): string {
    if (isPlaceholder(value)) return value;
    const kind = kindOfParameter(name) ?? all;
    if (kind !== null) return this.name(kind, value);
    this.#publishParameter(name, value);
    return isScope(name) ? this.known(value) : this.text(value, depth + 1);
  }

  /** Public words that must stay readable: only secrets known from elsewhere are taken out. */
  known(text: string): string {
    return this.finder === null
      ? text
      : this.finder
          .split(text)
          .map((piece) => piece.text)
          .join('');
  }

  #publishParameter(name: string, value: string): void {
    const plain = normalise(name);
    if (spokenParameters.has(plain)) this.vault.publishText(value);
    else if (publicParameters.has(plain)) {
      for (const word of value.split(' ')) this.vault.publish(isAddress(word) ? withoutQuery(word) : word);
    }
  }

  /** A visitor for JSON text; strings inside are read as text again. */
  json(root: JsonContext, depth: number): JsonVisitor<JsonContext> {
    return {
      root,
      enter: (outer, key, isArray) => {
        if (key === null || outer.all !== null) return outer;
        if (holdsEnvironment(key)) return { ...outer, all: 'env' };
        if (outer.talk === null) return outer;
        const talk = enterTalk(outer.talk, key, isArray);
        return talk === outer.talk ? outer : { ...outer, talk };
      },
      string: (value, key, context) => this.member(key, value, context, depth),
      number: (source, key, context) => this.#number(source, key, context),
      key: (name) => (this.finder === null ? name : this.prose(name, depth)),
      other: (text) => this.prose(text, depth),
    };
  }

  /** One JSON string with its member's name. */
  member(key: string | null, value: string, context: JsonContext, depth: number): string {
    if (isPlaceholder(value)) return value;
    if (context.all === 'claim' && key !== null) return this.claim(key, value, depth);
    if (context.all !== null) return this.name(context.all, value);
    if (key === null) {
      const talk = context.talk;
      if (talk !== null && !this.vault.keeps.has('text') && isPersonal(talk, '', value))
        return this.#said(value, { ...context, talk }, depth);
      return this.nested(value, context, depth);
    }
    const kind = context.oauth ? kindOfParameter(key) : kindOfMember(key);
    if (kind !== null) return this.name(kind, value);
    switch (key.toLowerCase()) {
      case 'authorization':
      case 'proxy-authorization':
      case 'x-mcp-remote-auth':
      case 'x-mcp-proxy-auth':
      case 'cookie':
      case 'set-cookie':
      case 'dpop':
        return rewriteHeader(key, value, this);
    }
    if (context.talk !== null && !this.vault.keeps.has('text')) {
      const talk = enterTalk(context.talk, key, false);
      if (isPersonal(talk, key, value)) return this.#said(value, { ...context, talk }, depth);
    }
    this.#publishParameter(key, value);
    if (isScope(key)) return this.known(value);
    return this.nested(value, context, depth);
  }

  /** A claim about the user (OpenID Connect Core section 5.1), named as in a JWT. */
  claim(key: string, value: string, depth: number): string {
    if (readableClaims.has(key)) return this.text(value, depth + 1);
    return this.name(kindOfMember(key) ?? (key === 'sub' ? 'sub' : 'claim'), value);
  }

  /** A string in JSON that is not secret as a whole: JSON inside it belongs to the same conversation. */
  nested(value: string, context: JsonContext, depth: number): string {
    if (context.talk === null || !looksJson(value) || depth >= deepest) return this.text(value, depth + 1);
    return rewriteJson(value, this.json(context, depth + 1));
  }

  /** What a person, a tool or a model said: its shape stays, and the words that findings rest on. */
  #said(value: string, context: JsonContext & { readonly talk: Talk }, depth: number): string {
    const shown = this.text(value, depth + 1);
    if (looksJson(value) && depth < deepest) {
      return rewriteJson(value, this.json({ ...context, talk: nestTalk(context.talk) }, depth + 1));
    }
    if (value.trim() === '') return value;
    if (maskedFailures.has(value)) return shown;
    if (this.vault.marked && isAlias(value.slice(0, Math.max(0, value.indexOf(': '))))) return value;
    const words = context.talk.place !== 'arguments' && this.#isResult(value, context.talk) ? failureWords(value) : [];
    // A short refusal is quoted by findings; of anything longer only its telling words stay.
    if (words.length > 0 && value.length <= 300 && mentionsUnauthorized(value)) return shown;
    // A secret that was told to somebody is a finding too: its alias stays with the text's.
    const told =
      this.finder === null ? [] : this.finder.split(value).flatMap((piece) => (piece.fixed ? [piece.text] : []));
    const kept = [...new Set([...words, ...told])].slice(0, 12);
    const alias = this.name('text', value);
    return kept.length === 0 || alias === value ? alias : `${alias}: ${kept.join(', ')}`;
  }

  #isResult(value: string, talk: Talk): boolean {
    return talk.of === 'mcp' || this.results.some((result) => result.includes(value));
  }

  #number(source: string, key: string | null, context: JsonContext): string | null {
    if (context.all !== null) return this.name(context.all, source);
    const kind = key === null ? null : kindOfMember(key);
    return kind === 'password' || kind === 'secret' || kind === 'key' ? this.name(kind, source) : null;
  }
}

function isScope(name: string): boolean {
  const plain = normalise(name);
  return plain === 'scope' || plain === 'scopes';
}

function withoutQuery(address: string): string {
  const end = address.search(/[?#]/);
  return end < 0 ? address : address.slice(0, end);
}

/** What JSON text of unknown origin is: OAuth's, a JSON-RPC message, or neither. */
export function rootOf(text: string): JsonContext {
  const oauth = text.includes('"grant_type"') || text.includes('"code_verifier"');
  const rpc = text.includes('jsonrpc');
  return oauth || rpc ? { all: null, oauth, talk: rpc ? mcpTalk : null } : plainJson;
}

function looksJson(text: string): boolean {
  const first = text.trimStart()[0];
  return first === '{' || first === '[';
}

/** One absolute address and nothing else. */
export function isAddress(text: string): boolean {
  if (text.length > 100_000 || !/^[A-Za-z][A-Za-z0-9+.-]{0,40}:\/\//.test(text))
    return text.startsWith('data:') && text.includes(',');
  return !/[\s"<>{}]/.test(text);
}

function isPrintable(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) || code === 0x7f || code === 0xfffd)
      return false;
  }
  return true;
}
