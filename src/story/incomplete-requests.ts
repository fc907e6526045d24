import type { Reading } from './reading.ts';

/** Parameters of an authorization request (RFC 6749 section 4.1.1, RFC 7636, RFC 8707). */
const PARAMETERS: ReadonlySet<string> = new Set([
  'response_type',
  'client_id',
  'redirect_uri',
  'code_challenge',
  'resource',
]);

/** An authorization server's own pages carry one of them at most. */
const ENOUGH = 3;

/**
 * Whether a request to a known authorization endpoint is meant as an authorization request although it
 * lacks `client_id` or `response_type`, by which others are recognised wherever they go.
 */
export function isIncompleteRequest({ hint, exchange, target }: Reading): boolean {
  if (hint !== 'other' || exchange.method !== 'GET') return false;
  const given = new Set(target.query.fields.flatMap(({ name }) => (PARAMETERS.has(name) ? [name] : [])));
  return given.size >= ENOUGH;
}
