import type { Fetch } from './http-recorder.ts';

/** What a fault may change of a request before it is sent, and of an answer before the SDK sees it. */
interface Message {
  readonly url: URL;
  readonly headers: Headers;
  /** A form body (token requests), a JSON body (registrations); null when the body is another's. */
  readonly form: URLSearchParams | null;
  json: Record<string, unknown> | null;
}

interface Fault {
  readonly about: string;
  /** Changes a request in place. */
  readonly send?: (message: Message, seen: Seen) => void;
  /** Changes what the SDK is told. */
  readonly receive?: (response: Response) => Response;
}

/** What earlier requests of the same client held. */
interface Seen {
  /** Scopes of the authorization requests so far. */
  readonly scopes: string[];
}

const isAuthorization = ({ url }: Message): boolean => url.searchParams.has('response_type');
const isMcp = ({ url }: Message): boolean => url.pathname === '/mcp';

const atAuthorization =
  (change: (parameters: URLSearchParams, seen: Seen) => void): NonNullable<Fault['send']> =>
  (message, seen) => {
    if (isAuthorization(message)) change(message.url.searchParams, seen);
  };

const atToken =
  (change: (form: URLSearchParams, headers: Headers) => void): NonNullable<Fault['send']> =>
  ({ form, headers }) => {
    if (form?.has('grant_type')) change(form, headers);
  };

const atRegistration =
  (change: (metadata: Record<string, unknown>) => void): NonNullable<Fault['send']> =>
  ({ json }) => {
    if (json && 'redirect_uris' in json) change(json);
  };

const both =
  (...changes: readonly NonNullable<Fault['send']>[]): NonNullable<Fault['send']> =>
  (message, seen) => {
    for (const change of changes) change(message, seen);
  };

/** A response without its challenge. */
function withoutChallenge(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.delete('www-authenticate');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** Moves the client's secret from the Authorization header into the body (RFC 6749 section 2.3.1). */
function secretInBody(form: URLSearchParams, headers: Headers): void {
  const [scheme, encoded = ''] = (headers.get('authorization') ?? '').split(' ');
  if (scheme !== 'Basic') return;
  const [id = '', secret = ''] = atob(encoded).split(':');
  headers.delete('authorization');
  form.set('client_id', decodeURIComponent(id));
  form.set('client_secret', decodeURIComponent(secret));
}

/**
 * Faults of clients, each a small change between a sound SDK and the wire: what is left in the recording is what
 * a client with that fault would send. Faults of the application's half (which it stores, how long it tries) are
 * `ProviderFault`s.
 */
const wireFaults = {
  'no-pkce': {
    about: 'no code_challenge, no code_verifier',
    send: both(
      atAuthorization((query) => {
        query.delete('code_challenge');
        query.delete('code_challenge_method');
      }),
      atToken((form) => form.delete('code_verifier')),
    ),
  },
  'plain-pkce': {
    about: 'code_challenge_method=plain',
    send: atAuthorization((query) => query.set('code_challenge_method', 'plain')),
  },
  'no-verifier': { about: 'no code_verifier', send: atToken((form) => form.delete('code_verifier')) },
  'wrong-verifier': {
    about: 'another code_verifier than the challenge was made of',
    send: atToken((form) => {
      if (form.has('code_verifier')) form.set('code_verifier', 'x'.repeat(43));
    }),
  },
  'no-resource': {
    about: 'no resource parameter',
    send: both(
      atAuthorization((query) => query.delete('resource')),
      atToken((form) => form.delete('resource')),
    ),
  },
  'no-resource-in-token': {
    about: 'resource in the authorization request alone',
    send: atToken((form) => form.delete('resource')),
  },
  'other-resource-in-token': {
    about: 'another resource in the token request',
    send: atToken((form) => form.set('resource', 'https://mcp.elsewhere.example/mcp')),
  },
  'relative-resource': {
    about: 'a resource that is no absolute URI',
    send: both(
      atAuthorization((query) => query.set('resource', '/mcp')),
      atToken((form) => form.set('resource', '/mcp')),
    ),
  },
  'no-scope': { about: 'no scope', send: atAuthorization((query) => query.delete('scope')) },
  'one-scope': { about: 'one scope of several', send: atAuthorization((query) => query.set('scope', 'mcp:basic')) },
  'offline-always': {
    about: 'offline_access whether it is supported or not',
    send: atAuthorization((query) =>
      query.set('scope', [query.get('scope'), 'offline_access'].filter(Boolean).join(' ')),
    ),
  },
  'offline-never': {
    about: 'never offline_access',
    send: atAuthorization((query) => {
      const scopes = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== 'offline_access');
      query.set('scope', scopes.join(' '));
    }),
  },
  'challenged-scope-alone': {
    about: 'at a step-up, none of the scopes asked for before',
    send: atAuthorization((query, { scopes }) => {
      const now = (query.get('scope') ?? '').split(' ').filter(Boolean);
      const before = new Set(scopes);
      const added = now.filter((scope) => !before.has(scope));
      scopes.push(...now);
      if (before.size > 0 && added.length > 0) query.set('scope', added.join(' '));
    }),
  },
  'no-application-type': {
    about: 'no application_type at registration',
    send: atRegistration((metadata) => {
      delete metadata.application_type;
    }),
  },
  'no-refresh-grant': {
    about: 'registers without the refresh_token grant',
    send: atRegistration((metadata) => {
      metadata.grant_types = ['authorization_code'];
    }),
  },
  'root-metadata': {
    about: 'protected resource metadata of the root in place of the path',
    send: ({ url }) => {
      if (url.pathname.startsWith('/.well-known/oauth-protected-resource/'))
        url.pathname = '/.well-known/oauth-protected-resource';
    },
  },
  'misplaced-metadata': {
    about: 'authorization server metadata looked for at the root of an issuer with a path',
    send: ({ url }) => {
      if (url.pathname.startsWith('/.well-known/oauth-authorization-server/'))
        url.pathname = '/.well-known/oauth-authorization-server';
    },
  },
  'secret-in-body': { about: 'client_secret_post where client_secret_basic is asked for', send: atToken(secretInBody) },
  'undefined-token': {
    about: 'the word undefined in place of a token',
    send: (message) => {
      if (isMcp(message) && message.headers.has('authorization'))
        message.headers.set('authorization', 'Bearer undefined');
    },
  },
  'foreign-token': {
    about: 'a token that the authorization server did not issue',
    send: (message) => {
      if (isMcp(message) && message.headers.has('authorization'))
        message.headers.set('authorization', 'Bearer not-a-token-of-this-server');
    },
  },
  'bearer-for-dpop': {
    about: 'the Bearer scheme for a DPoP-bound token',
    send: (message) => {
      const [scheme, token] = (message.headers.get('authorization') ?? '').split(' ');
      if (isMcp(message) && scheme === 'DPoP') message.headers.set('authorization', `Bearer ${token}`);
    },
  },
  'other-grant-type': {
    about: 'another grant type than client_credentials',
    send: atToken((form) => form.set('grant_type', 'urn:example:other')),
  },
  'ignore-403': {
    about: 'no answer to a step-up challenge',
    receive: (response) => (response.status === 403 ? withoutChallenge(response) : response),
  },
} satisfies Record<string, Fault>;

/** Faults of the application's half of the SDK's OAuth support. */
const providerFaults = {
  none: 'a sound client',
  'no-cimd': 'registers although a client ID metadata document is supported',
  'attempts-registration': 'registers although it was given credentials',
  'no-retry-limit': 'signs in again and again',
  'reuse-credentials': 'keeps its client credentials when the authorization server changes',
  'any-resource': 'takes metadata of another resource',
} as const;

type WireFault = keyof typeof wireFaults;
export type ProviderFault = keyof typeof providerFaults;
export type FaultName = WireFault | ProviderFault;

const isWireFault = (name: string): name is WireFault => Object.hasOwn(wireFaults, name);

/** What a fault does, in words. */
export const aboutFault = (name: FaultName): string =>
  isWireFault(name) ? wireFaults[name].about : providerFaults[name];

/** Whether a text names a fault. */
export const isFault = (name: string): name is FaultName => isWireFault(name) || Object.hasOwn(providerFaults, name);

/** A `fetch` that sends what a client with that fault would send. */
export function faulty(name: FaultName, next: Fetch): Fetch {
  if (!isWireFault(name)) return next;
  const fault: Fault = wireFaults[name];
  const seen: Seen = { scopes: [] };
  return async (input, init = {}) => {
    const body = typeof init.body === 'string' || init.body instanceof URLSearchParams ? String(init.body) : '';
    const headers = new Headers(init.headers);
    const type = headers.get('content-type') ?? '';
    const message: Message = {
      url: new URL(input),
      headers,
      form: type.startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(body) : null,
      json: type.startsWith('application/json') && body.startsWith('{') ? JSON.parse(body) : null,
    };
    fault.send?.(message, seen);
    const sent = message.form?.toString() ?? (message.json ? JSON.stringify(message.json) : init.body);
    const response = await next(message.url, { ...init, headers, ...(sent === undefined ? {} : { body: sent }) });
    return fault.receive?.(response) ?? response;
  };
}
