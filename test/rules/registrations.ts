import { ISSUER, PAGE, REDIRECT, SERVER, type Traffic, type TrafficOptions, traffic } from '../traffic/traffic.ts';

export const OTHER_ISSUER = 'https://as2.example.com';
export const DOCUMENT = 'https://app.example.org/client.json';
/** The authorization server takes client ID metadata documents. */
export const TAKES_DOCUMENTS = { client_id_metadata_document_supported: true } as const;
export const WEB = { redirect_uris: [REDIRECT], application_type: 'web' } as const;
const LANDED = { _resourceType: 'document' } as const;

/** Challenge and discovery; `members` are those of the authorization server's metadata, null for a log without it. */
export function discovered(
  members: Readonly<Record<string, unknown>> | null = {},
  options: TrafficOptions = {},
): Traffic {
  const log = traffic(options).challenge({ scope: 'r' }).prm();
  return members === null ? log : log.asm({ members });
}

export interface RegisterOptions {
  /** The request's body: client metadata, text as it is, or null for one that the recorder lost. */
  readonly request?: object | string | null;
  /** The answer's body, as above; by default the request with a client_id. */
  readonly answer?: object | string | null;
  readonly clientId?: string;
  readonly status?: number;
  readonly url?: string;
  /** The page's origin; null for a client outside browsers. */
  readonly origin?: string | null;
}

/** A registration (RFC 7591). */
export function register(log: Traffic, options: RegisterOptions = {}): Traffic {
  const request = options.request === undefined ? WEB : options.request;
  const metadata = typeof request === 'object' ? request : {};
  const answer = options.answer === undefined ? { ...metadata, client_id: options.clientId ?? CLIENT } : options.answer;
  const status = options.status ?? 201;
  const origin = options.origin === undefined ? PAGE : options.origin;
  const headers = { 'content-type': 'application/json', ...(origin === null ? {} : { origin }) };
  const lost = { status, headers: [], content: { size: 200, mimeType: 'application/json' } };
  const url = options.url ?? `${ISSUER}/register`;
  const unsent = { method: 'POST', url, headers: [], bodySize: 200, postData: { mimeType: 'application/json' } };
  const extra = { ...(answer === null ? { response: lost } : {}), ...(request === null ? { request: unsent } : {}) };
  return log.raw(
    'POST',
    url,
    { status, body: text(answer), mimeType: 'application/json' },
    extra,
    headers,
    text(request),
  );
}

function text(body: object | string | null): string {
  return body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
}

export const CLIENT = 'client-one-0001';

export interface AuthorizeOptions {
  readonly clientId?: string;
  readonly redirect?: string;
  readonly issuer?: string;
  readonly scope?: string;
  /** `code`: back with one; `none`: nothing is seen of the answer; a number: an error page; else the `error` it comes back with. */
  readonly answer?: 'code' | 'none' | number | { readonly error: string };
}

/** An authorization request, its answer by redirect, and the landing. */
export function authorize(log: Traffic, options: AuthorizeOptions = {}): Traffic {
  const redirect = options.redirect ?? REDIRECT;
  const answer = options.answer ?? 'code';
  const state = `state-${log.last}-abcdefghijkl`;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: options.clientId ?? CLIENT,
    redirect_uri: redirect,
    state,
    resource: SERVER,
    scope: options.scope ?? 'r',
  });
  const url = `${options.issuer ?? ISSUER}/authorize?${query}`;
  if (answer === 'none')
    return log.raw('GET', url, { status: 200, mimeType: 'text/html', body: '<html></html>' }, LANDED);
  if (typeof answer === 'number')
    return log.raw('GET', url, { status: answer, mimeType: 'text/html', body: 'no' }, LANDED);
  const form = new URLSearchParams({
    ...(answer === 'code' ? { code: `code-${log.last}-abcdefghijkl` } : answer),
    state,
  });
  return log.raw('GET', url, { status: 302, headers: { location: `${redirect}?${form}` } }, LANDED);
}

/** A client ID metadata document as the log shows it. */
export function document(
  log: Traffic,
  members: Readonly<Record<string, unknown>> = {},
  url: string = DOCUMENT,
): Traffic {
  const body = JSON.stringify({ client_id: url, client_name: 'App', redirect_uris: [REDIRECT], ...members });
  return log.raw('GET', url, { body, mimeType: 'application/json' });
}
