import type { Exchange } from '../exchange/exchange.ts';
import { readJwt } from '../protocol/jwt.ts';
import type { Grant, Token, TokenExchange } from './model.ts';
import { inTimeOrder } from './order.ts';

/** Values that stand for a secret without being one: a redactor's or a bug's; lower case. */
const PLACEHOLDERS = new Set([
  '',
  'undefined',
  'null',
  '[object object]',
  'redacted',
  '[redacted]',
  '<redacted>',
  '(redacted)',
]);

/** Whether a value can be compared at all: a placeholder equals nothing, not even itself. */
export function isSecret(value: string | null): value is string {
  if (value === null) return false;
  if (value.length < 32 && PLACEHOLDERS.has(value.trim().toLowerCase())) return false;
  for (const character of value) if (character !== '*' && character !== '•') return true;
  return false;
}

export interface TokenEntry {
  readonly value: string;
  readonly kind: Token['kind'];
  issuedBy: TokenExchange | null;
  /** Where it was first seen, in a request or a response. */
  seen: Exchange;
}

/** Every token of the log by its value, named in order of appearance. */
export class TokenBook {
  readonly #entries = new Map<string, TokenEntry>();

  get all(): IterableIterator<TokenEntry> {
    return this.#entries.values();
  }

  /** Notes the tokens that a token response issued. */
  issue(by: TokenExchange): void {
    const { response, exchange } = by;
    if (!response) return;
    const issued: readonly [string | null, Token['kind']][] = [
      [response.accessToken, 'access'],
      [response.refreshToken, 'refresh'],
      [response.idToken, 'id'],
    ];
    for (const [value, kind] of issued) {
      if (!isSecret(value)) continue;
      const known = this.#entries.get(value);
      if (known) {
        known.issuedBy ??= by;
        if (inTimeOrder(exchange, known.seen) < 0) known.seen = exchange;
      } else this.#entries.set(value, { value, kind, issuedBy: by, seen: exchange });
    }
  }

  /** Notes a token that a request carried. */
  use(value: string, kind: Token['kind'], exchange: Exchange): void {
    if (!isSecret(value)) return;
    const known = this.#entries.get(value);
    if (!known) this.#entries.set(value, { value, kind, issuedBy: null, seen: exchange });
    else if (inTimeOrder(exchange, known.seen) < 0) known.seen = exchange;
  }
}

/** The finished token: `number` counts tokens of its kind. An opaque or encrypted one makes no claims (guard G7, cause C7). */
export function makeToken(entry: TokenEntry, number: number, grant: Grant | null, uses: readonly number[]): Token {
  const jwt = readJwt(entry.value);
  const prefix = entry.kind === 'access' ? 'at' : entry.kind === 'refresh' ? 'rt' : 'id';
  const answered = entry.issuedBy?.exchange.answered ?? null;
  const { response } = entry.issuedBy ?? { response: null };
  const seconds =
    entry.kind === 'access' ? response?.expiresIn : entry.kind === 'refresh' ? response?.refreshExpiresIn : null;
  const byLifetime = answered !== null && typeof seconds === 'number' ? answered + seconds * 1000 : null;
  return {
    id: `${prefix}-${number}`,
    value: entry.value,
    kind: entry.kind,
    jwt,
    grant,
    issuedBy: entry.issuedBy,
    scope: entry.kind === 'access' ? (response?.scope ?? jwt?.scope ?? null) : null,
    issuedAt: answered ?? jwt?.issuedAt ?? null,
    expiresAt: jwt?.expiresAt ?? byLifetime,
    uses,
  };
}
