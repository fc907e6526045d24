import { type Form, formValue, parseForm } from '../protocol/form.ts';
import { type Issuers, isSameIssuer } from './issuers.ts';
import type { Server, StrayTokenRequest } from './model.ts';
import type { Reading } from './reading.ts';

/** Parameters by which a request shows that it wants a token (RFC 6749 sections 4.1.3 and 6, RFC 7636 section 4.5). */
const TELL_TALE = ['grant_type', 'code', 'code_verifier', 'refresh_token'];

/**
 * Requests to token endpoints (`there`, in time order) that want a token and are not read as token requests:
 * sent by GET, in a format of their own, or without `grant_type`. A body that the recording does not hold
 * whole accuses nobody.
 */
export function findStrayTokenRequests(
  there: readonly Reading[],
  servers: readonly Server[],
  issuers: Issuers,
): StrayTokenRequest[] {
  return there.flatMap(({ exchange, target, tokenRequest }): StrayTokenRequest[] => {
    if (tokenRequest || (exchange.method !== 'POST' && exchange.method !== 'GET')) return [];
    const found = wantsToken(target.query) ? inUrl(target.query) : inBody(exchange);
    if (!found) return [];
    const issuer = issuers.issuerOf(target.endpoint, 'token');
    const naming = servers.filter((server) => server.issuers.some((named) => isSameIssuer(named, issuer)));
    return [{ exchange, issuer, server: naming.length === 1 ? (naming[0] ?? null) : null, ...found }];
  });
}

type Found = Pick<StrayTokenRequest, 'params' | 'part'>;

function inUrl(params: Form): Found {
  return { params, part: 'request.url' };
}

/** In a format of its own (multipart, XML), a body is recognised by the parameter's name alone. */
function inBody({ request }: Reading['exchange']): Found | null {
  const { state, text } = request.body;
  if (state !== 'whole') return null;
  const other = text.startsWith('--') || '{[<'.includes(text.trimStart().charAt(0));
  const params = other ? { fields: [] } : parseForm(text);
  return (other ? text.includes('grant_type') : wantsToken(params)) ? { params, part: 'request.postData' } : null;
}

function wantsToken(params: Form): boolean {
  return TELL_TALE.some((name) => formValue(params, name) !== null);
}
