import { type Exchange, header } from '../exchange/exchange.ts';
import { formValue } from '../protocol/form.ts';
import { readTarget } from '../protocol/url.ts';
import type { Call, Story } from './model.ts';
import { oncePer } from './once.ts';

/**
 * What a request shows of its sender: a bearer or DPoP token, another kind of credential (a key, a
 * cookie), or nothing. `unknown` where the recording does not say: without request headers, sanitized
 * or perhaps so (guard G19), or unwrapped from a proxy's envelope, which may add its own.
 */
export type Presented = 'token' | 'other' | 'nothing' | 'unknown';

/** What a call presented, as far as the recording says it (guard G19). */
export function presented(story: Story, call: Call): Presented {
  const { exchange, credential, scheme } = call;
  if (credential !== null) return 'token';
  if (scheme === 'other') return 'other';
  const { headers } = exchange.request;
  if (exchange.envelope) return 'unknown';
  if (headers.some(({ name }) => isCredentialName(name))) return 'other';
  if (headers.length === 0 || story.sanitized) return 'unknown';
  const query = exchange.url.includes('?') ? readTarget(exchange.url)?.query : undefined;
  if (query && QUERY_NAMES.some((name) => formValue(query, name) !== null)) return 'other';
  return mayBeStripped(story, call) ? 'unknown' : 'nothing';
}

/**
 * Whether a recorder may have taken the token away: no request of the log shows one (Chrome exports without
 * them by default), and the client did not go on as one does that has none, by discovery or registration
 * and without a refresh.
 */
function mayBeStripped(story: Story, { exchange }: Call): boolean {
  if (showsTokens(story)) return false;
  const { sent } = exchange;
  const refreshed = story.grants.some(({ refreshes }) => refreshes.some((by) => by.exchange.sent >= sent));
  const beginnings = [...story.discovery, ...story.registrations];
  return refreshed || !beginnings.some((beginning) => beginning.exchange.sent >= sent);
}

/** Whether any call of the log shows a token. */
export const showsTokens = oncePer(({ servers }: Story) =>
  servers.some(({ calls }) => calls.some(({ credential }) => Boolean(credential))),
);

/** Whether the same token came twice, in the header and in the URL (RFC 6750 section 2: one method only). */
export function presentsTwice({ exchange, credential }: Call): boolean {
  if (!exchange.url.includes('access_token=')) return false;
  const query = readTarget(exchange.url)?.query;
  return credential !== null && credential !== '' && query !== undefined && formValue(query, 'access_token') !== null;
}

/** Whether a request has an `Authorization: Bearer` with nothing behind it. */
export function presentsEmpty({ exchange, credential }: Call): boolean {
  return credential === '' && header(exchange.request.headers, 'authorization') !== null;
}

const NAME_PARTS = ['api-key', 'apikey', 'token', 'auth', 'secret', 'cookie', 'subscription-key', 'functions-key'];
const NOT_CREDENTIALS = new Set([':authority', 'x-csrf-token', 'x-xsrf-token']);
const QUERY_NAMES = ['access_token', 'api_key', 'apikey', 'api-key', 'key', 'token', 'auth'];

function isCredentialName(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'dpop' || (!NOT_CREDENTIALS.has(lower) && NAME_PARTS.some((part) => lower.includes(part)));
}

/**
 * Whether an `Authorization` header of a request would be in the recording: where it shows none of any request, or no
 * header of this one at all, it may have been removed (guard G19).
 */
export function wouldShowCredentials(story: Story, { request }: Exchange): boolean {
  return request.headers.length > 0 && showsCredentials(story);
}

const showsCredentials = oncePer(
  ({ sanitized, tokens }: Story): boolean =>
    !sanitized && tokens.some(({ kind, uses }) => kind === 'access' && uses.length > 0),
);
