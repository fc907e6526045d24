import { type Exchange, type HeaderField, header } from '../../../exchange/exchange.ts';

/** What of a request is the user's to repeat; what the client's own HTTP adds is left to it. */
export interface Repeatable {
  readonly method: string;
  /** Without fragment. */
  readonly url: string;
  readonly headers: readonly HeaderField[];
  /** null without a body. */
  readonly body: string | null;
  /** The recording does not hold the whole body. */
  readonly bodyUnseen: boolean;
}

/** Fields that belong to one connection or are counted anew. */
const connection: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** The request of an exchange as it can be sent again; null for addresses that are not http or https. */
export function repeatable(exchange: Exchange): Repeatable | null {
  const [url = ''] = exchange.url.split('#', 1);
  if (!/^https?:\/\//i.test(url)) return null;
  const { body } = exchange.request;
  const fields = exchange.request.headers.filter(
    ({ name, value }) => isToken(name) && !connection.has(name.toLowerCase()) && isFieldValue(value),
  );
  const typed = body.text !== '' && body.mimeType !== '' && header(fields, 'content-type') === null;
  return {
    method: isToken(exchange.method) ? exchange.method : 'GET',
    url,
    headers: typed ? [...fields, { name: 'Content-Type', value: body.mimeType }] : fields,
    body: body.text === '' ? null : body.text,
    bodyUnseen: body.state === 'missing' || body.state === 'cut' || body.state === 'binary',
  };
}

/** RFC 9110 section 5.6.2. Pseudo-header fields (`:path`) and a name such as `@file` are none. */
function isToken(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text);
}

/** A value that ends its own field would begin another. */
function isFieldValue(text: string): boolean {
  return !/[\r\n\0]/.test(text);
}
