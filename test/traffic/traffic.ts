import { s256 } from '../../src/protocol/pkce.ts';

/** One HAR entry as the builder writes it. */
export interface HarEntry {
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: object;
  readonly response: object;
  readonly [extra: string]: unknown;
}

export interface TrafficOptions {
  readonly revision?: '2025-03-26' | '2025-06-18' | '2025-11-25' | '2026-07-28' | null;
  readonly server?: string;
  readonly issuer?: string;
}

export interface Answer {
  readonly status?: number;
  /** `WWW-Authenticate`. */
  readonly challenge?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly mimeType?: string;
}

export interface CallOptions extends Answer {
  /** The tool; a method with a slash is sent as it is; `GET` opens the stream. */
  readonly args?: unknown;
  /** The token it carries; null for none; the current one by default. */
  readonly token?: string | null;
  readonly scheme?: 'Bearer' | 'DPoP';
  /** Request headers besides the ordinary ones; null takes one away. */
  readonly requestHeaders?: Readonly<Record<string, string | null>>;
  /** The request's body in place of the message. */
  readonly requestBody?: string;
  readonly server?: string;
  /** Milliseconds after the previous request's end at which it is sent; may be negative for overlap. */
  readonly after?: number;
  readonly duration?: number;
}

export interface AuthorizeOptions {
  readonly scope?: string | null;
  readonly prompt?: string;
  readonly resource?: string | null;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly extra?: Readonly<Record<string, string>>;
  /** The code that it is answered with. */
  readonly code?: string;
  /** Answered with this error in place of a code. */
  readonly error?: string;
  readonly after?: number;
  /** Parameters left out of the request. */
  readonly omit?: readonly string[];
  /** Parameters of the response besides the ordinary ones, or in place of them; null leaves one out. */
  readonly answer?: Readonly<Record<string, string | null>>;
  /** Header fields of the authorization endpoint's answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the browser called the request; `document` by default. */
  readonly resourceType?: string;
  /** The landing is seen only; the redirect went by another way. */
  readonly elsewhere?: string;
}

export interface TokenOptions {
  /** `scope` of the answer; null leaves it out. */
  readonly scope?: string | null;
  readonly refresh?: string | null;
  readonly token?: string;
  /** `expires_in` of the answer; null leaves it out. */
  readonly expiresIn?: number | null;
  readonly status?: number;
  readonly error?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly resource?: string | null;
  readonly after?: number;
  readonly duration?: number;
  /** Parameters of the request: other values, additional ones, null to leave one out. */
  readonly form?: Readonly<Record<string, string | null>>;
  /** Request headers besides the ordinary ones; null takes one away. */
  readonly requestHeaders?: Readonly<Record<string, string | null>>;
  /** The request's body in place of the form. */
  readonly requestBody?: string;
  /** In place of the token endpoint. */
  readonly url?: string;
  /** Response headers besides the ordinary ones; null takes one away. */
  readonly answerHeaders?: Readonly<Record<string, string | null>>;
  /** The answer's body in place of the tokens or the error. */
  readonly answerBody?: string;
  readonly answerType?: string;
}

export interface RefreshOptions extends TokenOptions {
  /** The refresh token it sends; null leaves it out, as a recorder that removes secrets does; the current one by default. */
  readonly send?: string | null;
  readonly requestScope?: string;
}

type Pair = { readonly name: string; readonly value: string };

/**
 * Writes a HAR that reads like its traffic sequence:
 * `traffic().challenge({scope: 'r'}).asm({scopes: ['r']}).reg().az({scope: 'r'}).tk().call('search')`.
 * One client, one MCP server and one authorization server unless told otherwise; a clock that goes forward.
 */
export class Traffic {
  readonly #entries: HarEntry[] = [];
  readonly #revision: TrafficOptions['revision'];
  readonly #server: string;
  readonly #issuer: string;
  #now = Date.parse('2026-11-02T09:00:00.000Z');
  #count = 0;
  #clientId = 'client-one-0001';
  #verifier = '';
  #code = '';
  #state = '';
  #token: string | null = null;
  #refreshToken: string | null = null;
  #rpc = 0;
  /** The last `DPoP-Nonce` of the MCP server. */
  #nonce: string | null = null;
  /** Index of the first entry of the step written last. */
  #began = 0;
  #page: string | null = null;
  readonly #names = new Map<string, number>();

  constructor(options: TrafficOptions = {}) {
    this.#revision = options.revision === undefined ? '2026-07-28' : options.revision;
    this.#server = options.server ?? SERVER;
    this.#issuer = options.issuer ?? ISSUER;
  }

  /** The document. */
  har(): {
    readonly log: { readonly version: string; readonly creator: object; readonly entries: readonly HarEntry[] };
  } {
    return { log: { version: '1.2', creator: { name: 'traffic', version: '1' }, entries: this.#entries } };
  }

  /** Index of the entry written last. */
  get last(): number {
    return this.#entries.length - 1;
  }

  /** Names the step written last (its first entry), so that a test can point at it. */
  as(name: string): this {
    this.#names.set(name, this.#began);
    return this;
  }

  /** Index of the entry of that name. */
  entry(name: string): number {
    const entry = this.#names.get(name);
    if (entry === undefined) throw new Error(`no step is named ${name}`);
    return entry;
  }

  get token(): string {
    return this.#token ?? '';
  }

  /** The code of the last authorization response, until it is redeemed. */
  get code(): string {
    return this.#code;
  }

  get refreshToken(): string {
    return this.#refreshToken ?? '';
  }

  wait(milliseconds: number): this {
    this.#now += milliseconds;
    return this;
  }

  /** Forgets the tokens, as a client does that was told to. */
  forget(): this {
    this.#token = null;
    this.#refreshToken = null;
    return this;
  }

  /** An MCP request: a `tools/call` of that tool, a method with a slash, or `GET`. */
  call(what = 'search', options: CallOptions = {}): this {
    const url = options.server ?? this.#server;
    const token = options.token === undefined ? this.#token : options.token;
    const headers: Record<string, string> = { accept: 'application/json, text/event-stream', origin: PAGE };
    if (token !== null) headers.authorization = `${options.scheme ?? 'Bearer'} ${token}`;
    if (token !== null && options.scheme === 'DPoP')
      headers.dpop = this.#proof(url, what === 'GET' ? what : 'POST', token);
    if (this.#revision !== null && this.#revision !== '2025-03-26')
      headers['mcp-protocol-version'] = this.#revision ?? '';
    this.#nonce = options.headers?.['dpop-nonce'] ?? this.#nonce;
    const status = options.status ?? 200;
    const answer: Record<string, string> = {
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'WWW-Authenticate',
      ...options.headers,
    };
    if (options.challenge !== undefined) answer['www-authenticate'] = options.challenge;
    if (what === 'GET') {
      const sent = changed(headers, options.requestHeaders);
      return this.#add('GET', url, sent, '', status, answer, options.body ?? '', 'text/event-stream', options);
    }
    const isMethod = what.includes('/') || what === 'initialize';
    const meta =
      this.#revision === '2026-07-28' ? { _meta: { 'io.modelcontextprotocol/protocolVersion': this.#revision } } : {};
    const params = isMethod ? { ...meta } : { name: what, arguments: options.args ?? {}, ...meta };
    this.#rpc += 1;
    const request = { jsonrpc: '2.0', id: this.#rpc, method: isMethod ? what : 'tools/call', params };
    const negotiated = {
      protocolVersion: this.#revision,
      capabilities: {},
      serverInfo: { name: 'traffic', version: '1' },
    };
    const outcome = what === 'initialize' ? negotiated : { content: [{ type: 'text', text: 'done' }] };
    const result = { jsonrpc: '2.0', id: this.#rpc, result: outcome };
    const body = options.body ?? (status === 200 ? JSON.stringify(result) : JSON.stringify({ error: 'refused' }));
    headers['content-type'] = 'application/json';
    if (this.#revision === '2026-07-28' && what !== 'initialize') {
      headers['mcp-method'] = request.method;
      if (!isMethod) headers['mcp-name'] = what;
    }
    return this.#add(
      'POST',
      url,
      changed(headers, options.requestHeaders),
      options.requestBody ?? JSON.stringify(request),
      status,
      answer,
      body,
      options.mimeType ?? 'application/json',
      options,
    );
  }

  /** The first 401, to a request without a token. */
  challenge(options: { readonly scope?: string; readonly server?: string } = {}): this {
    const scope = options.scope === undefined ? '' : `, scope="${options.scope}"`;
    const server = options.server ?? this.#server;
    const challenge = `Bearer resource_metadata="${wellKnown(server, 'oauth-protected-resource')}"${scope}`;
    return this.call('tools/list', { status: 401, token: null, challenge, server });
  }

  /** 401 `invalid_token` to the current token. */
  expired(what = 'search', options: CallOptions = {}): this {
    return this.call(what, { status: 401, challenge: 'Bearer error="invalid_token"', ...options });
  }

  /** 403 `insufficient_scope`. */
  forbidden(scope: string, what = 'write', options: CallOptions = {}): this {
    return this.call(what, {
      status: 403,
      challenge: `Bearer error="insufficient_scope", scope="${scope}"`,
      ...options,
    });
  }

  prm(
    options: {
      readonly scopes?: readonly string[];
      readonly issuers?: readonly string[];
      readonly server?: string;
      readonly resource?: string;
    } = {},
  ): this {
    const server = options.server ?? this.#server;
    const document = {
      resource: options.resource ?? server,
      authorization_servers: options.issuers ?? [this.#issuer],
      ...(options.scopes ? { scopes_supported: options.scopes } : {}),
    };
    return this.#get(wellKnown(server, 'oauth-protected-resource'), document);
  }

  asm(
    options: {
      readonly scopes?: readonly string[];
      readonly issuer?: string;
      readonly openid?: boolean;
      /** Members besides the ordinary ones, or in place of them. */
      readonly members?: Readonly<Record<string, unknown>>;
    } = {},
  ): this {
    const issuer = options.issuer ?? this.#issuer;
    const document = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      registration_endpoint: `${issuer}/register`,
      revocation_endpoint: `${issuer}/revoke`,
      code_challenge_methods_supported: ['S256'],
      ...(options.scopes ? { scopes_supported: options.scopes } : {}),
      ...options.members,
    };
    return this.#get(
      wellKnown(issuer, options.openid ? 'openid-configuration' : 'oauth-authorization-server'),
      document,
    );
  }

  /** A registration; `grants` null leaves `grant_types` out, `granted` is what the answer says. */
  reg(
    options: {
      readonly grants?: readonly string[] | null;
      readonly granted?: readonly string[];
      readonly clientId?: string;
      readonly issuer?: string;
      /** Members of the answer besides the ordinary ones; null leaves one out. */
      readonly answered?: Readonly<Record<string, unknown>>;
    } = {},
  ): this {
    const grants = options.grants === undefined ? ['authorization_code', 'refresh_token'] : options.grants;
    this.#clientId = options.clientId ?? this.#clientId;
    const metadata = {
      redirect_uris: [REDIRECT],
      application_type: 'web',
      token_endpoint_auth_method: 'none',
      ...(grants ? { grant_types: grants } : {}),
    };
    const answer = {
      ...metadata,
      client_id: this.#clientId,
      ...(options.granted ? { grant_types: options.granted } : {}),
      ...options.answered,
    };
    for (const [name, value] of Object.entries(answer)) if (value === null) Reflect.deleteProperty(answer, name);
    const headers = { 'content-type': 'application/json', origin: PAGE };
    return this.#add(
      'POST',
      `${options.issuer ?? this.#issuer}/register`,
      headers,
      JSON.stringify(metadata),
      201,
      CORS,
      JSON.stringify(answer),
      'application/json',
      {},
    );
  }

  /** Authorization request and response: a navigation, its redirect, its landing. */
  az(options: AuthorizeOptions = {}): this {
    this.#count += 1;
    this.#verifier = `verifier-${this.#count}-0123456789012345678901234567890123456789`;
    this.#code = options.code ?? `code-${this.#count}-abcdefghijklmnop`;
    this.#state = `state-${this.#count}-abcdefghijklmnop`;
    this.#clientId = options.clientId ?? this.#clientId;
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.#clientId,
      redirect_uri: REDIRECT,
      code_challenge: s256(this.#verifier),
      code_challenge_method: 'S256',
      state: this.#state,
    });
    if (options.resource !== null) query.set('resource', options.resource ?? this.#server);
    if (options.scope !== undefined && options.scope !== null) query.set('scope', options.scope);
    if (options.prompt !== undefined) query.set('prompt', options.prompt);
    for (const [name, value] of Object.entries(options.extra ?? {})) query.set(name, value);
    for (const name of options.omit ?? []) query.delete(name);
    const answer = new URLSearchParams(
      options.error ? { error: options.error, state: this.#state } : { code: this.#code, state: this.#state },
    );
    for (const [name, value] of Object.entries(options.answer ?? {})) {
      if (value === null) answer.delete(name);
      else answer.set(name, value);
    }
    const landing = `${REDIRECT}?${answer}`;
    this.#add(
      'GET',
      `${options.issuer ?? this.#issuer}/authorize?${query}`,
      {},
      '',
      302,
      { location: options.elsewhere ?? landing, ...options.headers },
      '',
      '',
      { after: options.after },
      { _resourceType: options.resourceType ?? 'document' },
    );
    this.#add('GET', landing, {}, '', 200, {}, '<html></html>', 'text/html', {}, { _resourceType: 'document' });
    this.#began = this.last - 1;
    this.#names.set('landing', this.last);
    return this;
  }

  /** The code exchange; it is the new current token. */
  tk(options: TokenOptions = {}): this {
    const verifier = this.#verifier || `verifier-popup-${this.#entries.length}-01234567890123456789012345678901`;
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      code: this.#code || `code-popup-${this.#entries.length}-abcdefgh`,
      code_verifier: verifier,
      client_id: options.clientId ?? this.#clientId,
      redirect_uri: REDIRECT,
    });
    if (options.resource !== null) form.set('resource', options.resource ?? this.#server);
    this.#verifier = '';
    this.#code = '';
    return this.#tokenRequest(form, options);
  }

  /** A refresh; an answer of 200 brings the new current tokens. */
  rf(options: RefreshOptions = {}): this {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: options.send ?? this.#refreshToken ?? '',
      client_id: options.clientId ?? this.#clientId,
    });
    if (options.send === null) form.delete('refresh_token');
    if (options.resource !== null) form.set('resource', options.resource ?? this.#server);
    if (options.requestScope !== undefined) form.set('scope', options.requestScope);
    return this.#tokenRequest(form, options);
  }

  revoke(): this {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#add('POST', `${this.#issuer}/revoke`, headers, `token=${this.token}`, 200, CORS, '', '', {});
  }

  /** The model asks for a tool (OpenAI chat completions). */
  ask(tool: string, id: string, args: unknown = {}): this {
    const messages = [{ role: 'user', content: 'please' }];
    const call = { id, type: 'function', function: { name: tool, arguments: JSON.stringify(args) } };
    return this.model(
      { messages },
      { choices: [{ message: { role: 'assistant', content: null, tool_calls: [call] } }] },
    );
  }

  /** The model is told what the tool answered. */
  tell(id: string, text: string, tool = 'search'): this {
    const call = { id, type: 'function', function: { name: tool, arguments: '{}' } };
    const messages = [
      { role: 'user', content: 'please' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: id, content: text },
    ];
    return this.model({ messages }, { choices: [{ message: { role: 'assistant', content: 'ok' } }] });
  }

  /** The model asks for a tool (Anthropic Messages). */
  askClaude(tool: string, id: string, args: unknown = {}): this {
    const messages = [{ role: 'user', content: 'please' }];
    return this.model(
      { messages },
      { role: 'assistant', content: [{ type: 'tool_use', id, name: tool, input: args }] },
      CLAUDE,
    );
  }

  /** The model is told that the tool failed (Anthropic Messages, `is_error`). */
  tellClaude(id: string, text: string, tool = 'search'): this {
    const messages = [
      { role: 'user', content: 'please' },
      { role: 'assistant', content: [{ type: 'tool_use', id, name: tool, input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: text, is_error: true }] },
    ];
    return this.model({ messages }, { role: 'assistant', content: [{ type: 'text', text: 'ok' }] }, CLAUDE);
  }

  /** The page is loaded again: what the client keeps in memory is gone. */
  reload(): this {
    return this.#add(
      'GET',
      `${PAGE}/`,
      {},
      '',
      200,
      {},
      '<html></html>',
      'text/html',
      {},
      { _resourceType: 'document' },
    );
  }

  /** Any exchange with a model's endpoint. */
  model(request: object, response: object, url = 'https://model.example.net/v1/chat/completions'): this {
    const body = JSON.stringify({ model: 'm-1', ...request });
    return this.#add(
      'POST',
      url,
      { 'content-type': 'application/json' },
      body,
      200,
      {},
      JSON.stringify(response),
      'application/json',
      {},
    );
  }

  /** Changes the entry written last, as a recorder did that lost something of it. */
  altered(change: (entry: HarEntry) => HarEntry): this {
    const last = this.#entries.pop();
    if (last) this.#entries.push(change(last));
    return this;
  }

  /** The entry written last was recorded a second time, so many milliseconds later. */
  twice(after = 3): this {
    const last = this.#entries.at(-1);
    if (last) {
      const again = new Date(Date.parse(last.startedDateTime) + after).toISOString();
      this.#entries.push({ ...structuredClone(last), startedDateTime: again });
    }
    return this;
  }

  /** The recorder kept only the beginning of the request's body of the step written last. */
  cutRequest(): this {
    const last = this.#entries.pop();
    const request = last?.request as { readonly postData?: object } | undefined;
    if (last)
      this.#entries.push({ ...last, request: { ...request, postData: { ...request?.postData, _truncated: true } } });
    return this;
  }

  /** The recorder lost the body of the request of the step written last. */
  withoutRequestBody(): this {
    const last = this.#entries.pop();
    const { postData: _, ...request } = (last?.request ?? {}) as { readonly postData?: object };
    if (last) this.#entries.push({ ...last, request });
    return this;
  }

  /** The recorder lost the headers of the request of the step written last. */
  withoutRequestHeaders(): this {
    const last = this.#entries.pop();
    if (last) this.#entries.push({ ...last, request: { ...(last.request as object), headers: [] } });
    return this;
  }

  /** The recorder was not given one field of the request's headers of the step written last, and says that some are missing. */
  leftOut(field: string): this {
    const last = this.#entries.pop();
    const request = last?.request as { readonly headers: readonly { readonly name: string }[] } | undefined;
    const headers = request?.headers.filter(({ name }) => name.toLowerCase() !== field);
    if (last) this.#entries.push({ ...last, request: { ...request, headers }, _headersLeftOut: true });
    return this;
  }

  /** The recorder lost the body of the answer of the step written last. */
  cutAnswer(): this {
    const last = this.#entries.pop();
    const response = last?.response as { readonly content?: object } | undefined;
    const content = { mimeType: 'application/json', size: 100 };
    if (last) this.#entries.push({ ...last, response: { ...response, content } });
    return this;
  }

  /** An authorization request that lacks a parameter. */
  azWithout(name: string, options: AuthorizeOptions = {}): this {
    this.az(options);
    const first = this.#entries[this.#began];
    const request = first?.request as { readonly url: string } | undefined;
    const url = new URL(request?.url ?? PAGE);
    url.searchParams.delete(name);
    if (first) this.#entries[this.#began] = { ...first, request: { ...request, url: url.href } };
    return this;
  }

  /** The recorder lost the response body of the step written last. */
  withoutBody(): this {
    const last = this.#entries.pop();
    const content = { size: 40, mimeType: 'application/json' };
    if (last) this.#entries.push({ ...last, response: { ...last.response, content } });
    return this;
  }

  /** The tab (HAR page) of the steps that follow; null for none. */
  onPage(page: string | null): this {
    this.#page = page;
    return this;
  }

  /** The recorder lost the response headers of the step written last. */
  withoutResponseHeaders(): this {
    const last = this.#entries.pop();
    if (last) this.#entries.push({ ...last, response: { ...last.response, headers: [] } });
    return this;
  }

  /** Any other exchange. */
  raw(
    method: string,
    url: string,
    answer: Answer = {},
    extra: Readonly<Record<string, unknown>> = {},
    requestHeaders: Readonly<Record<string, string>> = {},
    body = '',
  ): this {
    const headers = {
      ...answer.headers,
      ...(answer.challenge === undefined ? {} : { 'www-authenticate': answer.challenge }),
    };
    return this.#add(
      method,
      url,
      requestHeaders,
      body,
      answer.status ?? 200,
      headers,
      answer.body ?? '',
      answer.mimeType ?? '',
      {},
      extra,
    );
  }

  /** A DPoP proof (RFC 9449 section 4.2) for a request that is about to be sent, with the nonce that was asked for last. */
  #proof(htu: string, htm: string, token: string): string {
    const iat = Math.floor(this.#now / 1000);
    const nonce = this.#nonce === null ? {} : { nonce: this.#nonce };
    const claims = { jti: `proof-${this.#entries.length}`, htm, htu, iat, ath: s256(token), ...nonce };
    return jws({ alg: 'ES256', typ: 'dpop+jwt', jwk: { kty: 'EC' } }, claims);
  }

  #tokenRequest(form: URLSearchParams, options: TokenOptions): this {
    this.#count += 1;
    const url = options.url ?? `${options.issuer ?? this.#issuer}/token`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: PAGE };
    const status = options.status ?? (options.error ? 400 : 200);
    const ok = status === 200 && !options.error;
    const token = options.token ?? `access-token-${this.#count}-0123456789`;
    const isRefresh = form.get('grant_type') === 'refresh_token';
    const refresh =
      options.refresh === undefined ? (isRefresh ? `refresh-token-${this.#count}-0123456789` : null) : options.refresh;
    const answer = ok
      ? {
          access_token: token,
          token_type: 'Bearer',
          ...(options.expiresIn === null ? {} : { expires_in: options.expiresIn ?? 3600 }),
          ...(refresh === null ? {} : { refresh_token: refresh }),
          ...(options.scope === undefined || options.scope === null ? {} : { scope: options.scope }),
        }
      : { error: options.error ?? 'server_error' };
    if (ok) {
      this.#token = token;
      this.#refreshToken = refresh ?? (isRefresh ? this.#refreshToken : null);
    }
    const body = options.answerBody ?? (status >= 500 || status === 0 ? '' : JSON.stringify(answer));
    for (const [name, value] of Object.entries(options.form ?? {})) {
      if (value === null) form.delete(name);
      else form.set(name, value);
    }
    const sent = changed(headers, options.requestHeaders);
    const answered = changed(CORS, options.answerHeaders);
    const text = options.requestBody ?? form.toString();
    return this.#add(
      'POST',
      url,
      sent,
      text,
      status,
      answered,
      body,
      options.answerType ?? 'application/json',
      options,
    );
  }

  #get(url: string, document: object): this {
    return this.#add('GET', url, { origin: PAGE }, '', 200, CORS, JSON.stringify(document), 'application/json', {});
  }

  #add(
    method: string,
    url: string,
    requestHeaders: Readonly<Record<string, string>>,
    requestBody: string,
    status: number,
    responseHeaders: Readonly<Record<string, string>>,
    responseBody: string,
    mimeType: string,
    timing: { readonly after?: number | undefined; readonly duration?: number },
    extra: Readonly<Record<string, unknown>> = {},
  ): this {
    const sent = this.#now + (timing.after ?? 100);
    const time = timing.duration ?? 20;
    this.#now = Math.max(this.#now, sent + time);
    this.#began = this.#entries.length;
    this.#entries.push({
      startedDateTime: new Date(sent).toISOString(),
      time,
      request: {
        method,
        url,
        headers: pairs(requestHeaders),
        ...(requestBody === ''
          ? {}
          : { postData: { mimeType: requestHeaders['content-type'] ?? '', text: requestBody } }),
      },
      response: {
        status,
        statusText: '',
        headers: pairs({ ...responseHeaders, ...(mimeType === '' ? {} : { 'content-type': mimeType }) }),
        content: { size: responseBody.length, mimeType, text: responseBody },
        redirectURL: responseHeaders.location ?? '',
      },
      ...(this.#page === null ? {} : { pageref: this.#page }),
      ...extra,
    });
    return this;
  }
}

export const SERVER = 'https://mcp.example.com/mcp';
export const ISSUER = 'https://as.example.com';
export const PAGE = 'https://app.example.org';
export const REDIRECT = `${PAGE}/callback`;
const CLAUDE = 'https://model.example.net/v1/messages';
const CORS = { 'access-control-allow-origin': '*', 'cache-control': 'no-store' } as const;

/** Begins a log. */
export function traffic(options: TrafficOptions = {}): Traffic {
  return new Traffic(options);
}

/** An unsigned JWT access token (RFC 9068 shape) with these claims. */
export function jwt(claims: object): string {
  return jws({ alg: 'RS256', typ: 'at+jwt' }, claims);
}

/** A compact JWS with this header and these claims, and a signature that is none. */
export function jws(header: object, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.c2lnbmF0dXJl`;
}

function pairs(headers: Readonly<Record<string, string>>): Pair[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

/** Headers with other values; null takes one away. */
function changed(
  headers: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>> = {},
): Record<string, string> {
  const all = Object.entries({ ...headers, ...changes });
  return Object.fromEntries(all.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/** RFC 8414 and RFC 9728 place: inserted before the path. */
function wellKnown(url: string, name: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}/.well-known/${name}${pathname === '/' ? '' : pathname}`;
}
