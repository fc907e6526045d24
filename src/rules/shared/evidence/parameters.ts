import { type Form, formField } from '../../../protocol/form.ts';
import type { Range } from '../../../protocol/range.ts';
import type { Authorization, TokenExchange } from '../../../story/model.ts';
import type { Evidence } from '../../outcome.ts';
import { evidence } from './evidence.ts';
import { short } from './short.ts';

/** Parameters whose value nobody needs to see: evidence points at their name, which survives redaction. */
const SECRETS = new Set([
  'client_assertion',
  'client_secret',
  'code',
  'code_challenge',
  'code_verifier',
  'refresh_token',
]);

/** The request's parameter of that name, at its value (a secret's at its name); the whole body where it has none. */
export function fieldOf({ exchange, request }: TokenExchange, name: string, note: string): Evidence {
  const range = request.format === 'form' ? rangeIn(exchange.request.body.text, request.params, name) : null;
  return evidence(exchange, 'request.postData', note, range);
}

/** The authorization request's parameter of that name, as in `fieldOf`; its URL where it has none, or was pushed (RFC 9126). */
export function parameterOf({ exchange, request }: Authorization, name: string, note?: string): Evidence {
  const field = formField(request.params, name);
  const range = request.requestUri === null ? rangeIn(exchange.url, request.params, name) : null;
  const said = note ?? (field === null ? `no ${name}` : `${name}=${short(field.value)}`);
  return evidence(exchange, 'request.url', said, range);
}

/** One of several parameters of the same name. */
export function namedValue({ exchange, request }: Authorization, name: string, value: string): Evidence {
  const fields = request.requestUri === null ? request.params.fields : [];
  const range = fields.find((known) => known.name === name && known.value === value)?.range ?? null;
  return evidence(exchange, 'request.url', `${name}=${value}`, range && range[0] < range[1] ? range : null);
}

/** Where a parameter stands in the text of its form; null where it is absent, empty or has an encoded name. */
export function rangeIn(text: string, form: Form, name: string): Range | null {
  const range = formField(form, name)?.range ?? null;
  if (!range || range[0] >= range[1]) return null;
  if (!SECRETS.has(name)) return range;
  const start = range[0] - name.length - 1;
  return text.startsWith(`${name}=`, start) ? [start, start + name.length] : null;
}
