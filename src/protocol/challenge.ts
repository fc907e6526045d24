import { isBlank, isSeparator, skipBlank, token68End, tokenEnd } from './header-syntax.ts';
import type { Range } from './range.ts';
import { parseScope } from './scope.ts';

export interface AuthParam {
  /** Lower case: parameter names are case-insensitive (RFC 9110 section 11.2). */
  readonly name: string;
  /** Unquoted, quoted pairs resolved. */
  readonly value: string;
  /** Of the value in the combined header text, without quotes. */
  readonly range: Range;
  readonly quoted: boolean;
}

export interface Challenge {
  /** As written; schemes are compared case-insensitively (RFC 9110 section 11.1). */
  readonly scheme: string;
  readonly token68: string | null;
  readonly params: readonly AuthParam[];
  readonly range: Range;
}

export interface ChallengeError {
  readonly message: string;
  /** Offset in the combined header text. */
  readonly at: number;
}

export interface ChallengeList {
  readonly challenges: readonly Challenge[];
  /** Departures from the grammar that were read over. */
  readonly errors: readonly ChallengeError[];
}

/** A Bearer (RFC 6750 section 3) or DPoP (RFC 9449 section 7.1) challenge. */
export interface BearerChallenge {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly error: string | null;
  readonly errorDescription: string | null;
  /** Null when there is no `scope`, or it is empty. */
  readonly scope: readonly string[] | null;
  readonly scopeText: string | null;
  readonly scopeRange: Range | null;
  readonly errorRange: Range | null;
  /** RFC 9728 section 5.1. */
  readonly resourceMetadata: string | null;
  readonly resourceMetadataRange: Range | null;
  readonly realm: string | null;
  readonly challenge: Challenge;
}

/**
 * Reads the combined value of `WWW-Authenticate` (RFC 9110 sections 11.2, 11.3, 11.6.1), its field lines
 * joined by a comma or a line feed. What breaks the grammar is noted and read over, as clients do.
 */
export function parseChallenges(combined: string): ChallengeList {
  return new ChallengeReader(combined).read();
}

/** The first Bearer challenge, else the first DPoP challenge, else null. */
export function bearerChallenge(combined: string): BearerChallenge | null {
  const { challenges } = parseChallenges(combined);
  const ofScheme = (name: string) => challenges.find((challenge) => challenge.scheme.toLowerCase() === name);
  const bearer = ofScheme('bearer');
  const challenge = bearer ?? ofScheme('dpop');
  if (challenge === undefined) return null;
  const param = (name: string) => challenge.params.find((each) => each.name === name) ?? null;
  const scope = param('scope');
  const scopes = scope === null ? [] : parseScope(scope.value);
  return {
    scheme: bearer === undefined ? 'DPoP' : 'Bearer',
    error: param('error')?.value ?? null,
    errorDescription: param('error_description')?.value ?? null,
    scope: scopes.length === 0 ? null : scopes,
    scopeText: scope?.value ?? null,
    scopeRange: scope?.range ?? null,
    errorRange: param('error')?.range ?? null,
    resourceMetadata: param('resource_metadata')?.value ?? null,
    resourceMetadataRange: param('resource_metadata')?.range ?? null,
    realm: param('realm')?.value ?? null,
    challenge,
  };
}

interface OpenChallenge {
  readonly scheme: string;
  readonly start: number;
  readonly params: AuthParam[];
  names: Set<string> | null;
  token68: { text: string; start: number } | null;
  end: number;
}

function addParam(challenge: OpenChallenge, param: AuthParam): void {
  challenge.names ??= new Set();
  challenge.names.add(param.name);
  challenge.params.push(param);
}

/** A cursor over the header; every step moves it forward, so that reading is linear. */
class ChallengeReader {
  private readonly text: string;
  private at = 0;
  private readonly open: OpenChallenge[] = [];
  private readonly errors: ChallengeError[] = [];

  constructor(text: string) {
    this.text = text;
  }

  read(): ChallengeList {
    let separated = true;
    while (true) {
      const passed = this.skipSeparators();
      if (this.at >= this.text.length) break;
      separated = separated || passed;
      this.element(separated);
      separated = false;
    }
    const challenges = this.open.map(({ scheme, token68, params, start, end }): Challenge => {
      return { scheme, token68: token68?.text ?? null, params, range: [start, end] };
    });
    return { challenges, errors: this.errors };
  }

  /** One list element: a scheme (with what follows it) or a further parameter of the last challenge. */
  private element(separated: boolean): void {
    const start = this.at;
    const end = tokenEnd(this.text, start);
    if (end === start) {
      this.junk('unexpected character');
      return;
    }
    const behind = skipBlank(this.text, end);
    if (this.text[behind] === '=') {
      if (!separated) this.note('missing comma', start);
      this.param(start, end, behind);
      return;
    }
    if (!separated && !this.startsChallenge(behind, end)) {
      this.junk('missing comma or quotes');
      return;
    }
    if (!separated) this.note('missing comma', start);
    this.scheme(start, end);
  }

  /** Whether a token that no comma preceded is a scheme: a parameter follows it. */
  private startsChallenge(behind: number, end: number): boolean {
    const next = tokenEnd(this.text, behind);
    return behind > end && next > behind && this.text[skipBlank(this.text, next)] === '=';
  }

  private scheme(start: number, end: number): void {
    const scheme = this.text.slice(start, end);
    const challenge: OpenChallenge = { scheme, start, end, params: [], names: null, token68: null };
    this.open.push(challenge);
    this.at = end;
    if (!isBlank(this.text.charCodeAt(end))) {
      if (end < this.text.length && !isSeparator(this.text.charCodeAt(end))) this.junk('malformed scheme');
      return;
    }
    const from = skipBlank(this.text, end);
    const to = token68End(this.text, from);
    if (to > from && this.endsElement(skipBlank(this.text, to))) {
      challenge.token68 = { text: this.text.slice(from, to), start: from };
      challenge.end = to;
      this.at = to;
      return;
    }
    const nameEnd = tokenEnd(this.text, from);
    const equals = skipBlank(this.text, nameEnd);
    if (nameEnd > from && this.text[equals] === '=') this.param(from, nameEnd, equals);
    else if (!this.endsElement(from)) {
      this.at = from;
      this.junk('neither a parameter nor a token68');
    }
  }

  private param(start: number, nameEnd: number, equals: number): void {
    const name = this.text.slice(start, nameEnd).toLowerCase();
    const from = skipBlank(this.text, equals + 1);
    const quoted = this.text[from] === '"';
    const value = quoted ? this.quotedString(from) : this.unquoted(from);
    const challenge = this.open.at(-1);
    if (challenge === undefined) {
      this.note('parameter without a scheme', start);
      return;
    }
    if (challenge.token68 !== null) this.dropToken68(challenge, challenge.token68);
    if (challenge.names?.has(name)) this.note(`parameter ${name} more than once`, start);
    addParam(challenge, { name, quoted, ...value });
    challenge.end = this.at;
  }

  /** `Bearer scope=, error="x"`: what looked like a token68 was a parameter without a value. */
  private dropToken68(challenge: OpenChallenge, token68: { text: string; start: number }): void {
    const nameEnd = tokenEnd(token68.text, 0);
    this.note('parameter after a token68', token68.start);
    challenge.token68 = null;
    if (nameEnd === 0 || nameEnd !== token68.text.length - 1) return;
    const name = token68.text.slice(0, nameEnd).toLowerCase();
    const at = token68.start + token68.text.length;
    addParam(challenge, { name, value: '', range: [at, at], quoted: false });
  }

  private quotedString(open: number): { value: string; range: Range } {
    const start = open + 1;
    const parts: string[] = [];
    let from = start;
    for (let i = start; i < this.text.length; i += 1) {
      const code = this.text.charCodeAt(i);
      if (code === 0x22) {
        parts.push(this.text.slice(from, i));
        this.at = i + 1;
        return { value: parts.join(''), range: [start, i] };
      }
      // A field value has no line feed: here another field line begins.
      if (code === 0x0a) return this.unterminated(parts, start, from, i);
      if (code === 0x5c && i + 1 < this.text.length && this.text.charCodeAt(i + 1) !== 0x0a) {
        parts.push(this.text.slice(from, i));
        from = i + 1;
        i += 1;
      }
    }
    return this.unterminated(parts, start, from, this.text.length);
  }

  private unterminated(parts: string[], start: number, from: number, end: number): { value: string; range: Range } {
    this.note('unterminated quoted string', start - 1);
    parts.push(this.text.slice(from, end));
    this.at = end;
    return { value: parts.join(''), range: [start, end] };
  }

  private unquoted(from: number): { value: string; range: Range } {
    let end = from;
    while (end < this.text.length && !isBlank(this.text.charCodeAt(end)) && !isSeparator(this.text.charCodeAt(end))) {
      end += 1;
    }
    if (end === from) this.note('parameter without a value', from);
    else if (tokenEnd(this.text, from) < end) this.note('value must be quoted', from);
    this.at = end;
    return { value: this.text.slice(from, end), range: [from, end] };
  }

  /** Notes an error and goes on behind the next comma that is not inside quotes. */
  private junk(message: string): void {
    this.note(message, this.at);
    let quoted = false;
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code === 0x0a || (code === 0x2c && !quoted)) return;
      if (code === 0x22) quoted = !quoted;
      else if (code === 0x5c && quoted && this.text.charCodeAt(this.at + 1) !== 0x0a) this.at += 1;
      this.at += 1;
    }
  }

  private skipSeparators(): boolean {
    let passed = false;
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (isSeparator(code)) passed = true;
      else if (!isBlank(code)) break;
      this.at += 1;
    }
    return passed;
  }

  private endsElement(at: number): boolean {
    return at >= this.text.length || isSeparator(this.text.charCodeAt(at));
  }

  private note(message: string, at: number): void {
    this.errors.push({ message, at });
  }
}
