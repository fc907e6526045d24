import type { Exchange } from '../exchange/exchange.ts';
import { header } from '../exchange/exchange.ts';
import { type Form, formValue, parseForm } from '../protocol/form.ts';
import { wellKnownKind } from '../protocol/metadata.ts';
import { looksLikeModelTraffic } from '../protocol/model.ts';
import { readTokenRequest, type TokenRequest } from '../protocol/token.ts';
import { readTarget, type Target } from '../protocol/url.ts';

/** What one exchange shows by itself, before it is known what its URL stands for. Read once. */
export interface Reading {
  readonly exchange: Exchange;
  readonly target: Target;
  readonly credential: Credential | null;
  /** What it may be by its own looks; `other` where only metadata, or nothing, can tell. */
  readonly hint:
    | 'well-known'
    | 'token-request'
    | 'authorization-request'
    | 'authorization-response'
    | 'registration'
    | 'model'
    | 'other';
  /** Only with hint `token-request`. */
  readonly tokenRequest: TokenRequest | null;
}

export interface Credential {
  readonly scheme: 'bearer' | 'dpop' | 'other';
  readonly value: string;
}

/** Reads one exchange; null for what was no request over HTTP (`blob:`, `data:`, no URL, a browser's own redirect). */
export function readExchange(exchange: Exchange): Reading | null {
  const target = readTarget(exchange.url);
  if (isBrowsersOwnRedirect(exchange) || !target || (target.protocol !== 'http:' && target.protocol !== 'https:'))
    return null;
  const wellKnown = wellKnownKind(exchange.url) !== null;
  const tokenRequest = exchange.method === 'POST' ? readPossibleTokenRequest(exchange) : null;
  const hint = wellKnown ? 'well-known' : tokenRequest ? 'token-request' : hintOf(exchange, target);
  return {
    exchange,
    target,
    credential: readCredential(exchange),
    hint,
    tokenRequest,
  };
}

/**
 * A request that the browser sends elsewhere before it leaves the machine (HSTS, RFC 6797 section 8.3), with all that it
 * carries. Of a navigation the hop is kept: it leads from one address to the next.
 */
function isBrowsersOwnRedirect({ method, response }: Exchange): boolean {
  if (method === 'GET' || response.status < 300 || response.status >= 400) return false;
  return header(response.headers, 'non-authoritative-reason') !== null;
}

function readPossibleTokenRequest(exchange: Exchange): TokenRequest | null {
  const { text, mimeType } = exchange.request.body;
  return text.includes('grant_type') ? readTokenRequest(text, mimeType) : null;
}

function hintOf(exchange: Exchange, target: Target): Reading['hint'] {
  const { query } = target;
  if (formValue(query, 'response_type') !== null && formValue(query, 'client_id') !== null)
    return 'authorization-request';
  if (formValue(query, 'client_id') !== null && formValue(query, 'request_uri') !== null)
    return 'authorization-request';
  if (carriesAuthorizationResponse(exchange, target)) return 'authorization-response';
  const body = exchange.request.body.text;
  if (exchange.method === 'POST' && body !== '') {
    if (body.includes('"redirect_uris"') && !body.includes('"jsonrpc"')) return 'registration';
    if (isFormPostResponse(exchange)) return 'authorization-response';
    if (looksLikeModelTraffic(exchange.url, body)) return 'model';
  }
  return 'other';
}

/** `code` or `error` beside `state`, `iss` or alone with a document's URL: RFC 6749 section 4.1.2. */
function carriesAuthorizationResponse(exchange: Exchange, target: Target): boolean {
  const form = responseForm(target);
  if (!isAnswer(form)) return false;
  const isDocument = exchange.resourceType === null || exchange.resourceType === 'document';
  return (
    formValue(form, 'state') !== null || formValue(form, 'iss') !== null || (isDocument && exchange.method === 'GET')
  );
}

/** The parameters of an authorization response: those of the query, or of the fragment where the answer is there. */
export function responseForm(target: Target): Form {
  return target.fragmentForm && isAnswer(target.fragmentForm) ? target.fragmentForm : target.query;
}

function isAnswer(form: Form): boolean {
  return form.fields.some(({ name }) => name === 'code' || name === 'error' || name === 'access_token');
}

/** OAuth 2.0 Form Post Response Mode: the answer arrives as a form at the redirect URI. */
function isFormPostResponse(exchange: Exchange): boolean {
  const { text, mimeType } = exchange.request.body;
  if (mimeType !== 'application/x-www-form-urlencoded' || !text.includes('state=')) return false;
  const form = parseForm(text);
  return formValue(form, 'state') !== null && (formValue(form, 'code') !== null || formValue(form, 'error') !== null);
}

function readCredential(exchange: Exchange): Credential | null {
  const value = header(exchange.request.headers, 'authorization');
  if (value === null) return null;
  const trimmed = value.trim();
  const space = trimmed.indexOf(' ');
  const scheme = (space < 0 ? trimmed : trimmed.slice(0, space)).toLowerCase();
  const rest = space < 0 ? '' : trimmed.slice(space + 1).trim();
  return { scheme: scheme === 'bearer' || scheme === 'dpop' ? scheme : 'other', value: rest };
}
