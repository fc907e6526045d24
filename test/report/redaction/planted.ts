import { app, type EntryParts, issuer, server } from '../hars.ts';

const e = encodeURIComponent;
const form = 'application/x-www-form-urlencoded';
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A sort of secret: what one looks like, and the exchange in which its own name or place tells what it is. */
export interface SecretKind {
  readonly make: (random: string) => string;
  readonly home: (secret: string) => EntryParts;
}

const opaque = (random: string): string => random;
const asParameter =
  (name: string): SecretKind['home'] =>
  (secret) => ({ url: `${issuer}/token`, bodyType: form, body: `grant_type=x&${name}=${e(secret)}`, content: '{}' });
const asMember =
  (name: string): SecretKind['home'] =>
  (secret) => ({
    url: `${issuer}/token`,
    bodyType: form,
    body: 'grant_type=x',
    content: JSON.stringify({ [name]: secret }),
  });
const asField =
  (name: string): SecretKind['home'] =>
  (secret) => ({ url: server, requestHeaders: { [name]: secret }, content: '{}' });
const asText: SecretKind['home'] = (secret) => ({
  url: server,
  content: `the key is ${secret} and no other`,
  contentType: 'text/plain',
});

/** Thirty sorts of secrets, by where a reader of RFC 6749 and its kin meets them. */
export const secretKinds: Readonly<Record<string, SecretKind>> = {
  'access token': { make: opaque, home: asMember('access_token') },
  'access token (JWT)': {
    make: (random) => `${part({ alg: 'ES256', typ: 'at+jwt' })}.${part({ iss: issuer, jti: random })}.${random}`,
    home: asMember('access_token'),
  },
  'refresh token': { make: opaque, home: asMember('refresh_token') },
  'ID token': {
    make: (random) => `${part({ alg: 'RS256' })}.${part({ iss: issuer, sub: random })}.${random}`,
    home: asMember('id_token'),
  },
  'bearer of the header': { make: opaque, home: (secret) => asField('Authorization')(`Bearer ${secret}`) },
  'client secret of Basic': {
    make: opaque,
    home: (secret) => asField('Authorization')(`Basic ${base64(`public-client:${e(secret)}`)}`),
  },
  'client secret': { make: opaque, home: asParameter('client_secret') },
  'client secret of a registration': { make: opaque, home: asMember('client_secret') },
  'registration access token': { make: opaque, home: asMember('registration_access_token') },
  'authorization code': { make: opaque, home: asParameter('code') },
  'code verifier': { make: opaque, home: asParameter('code_verifier') },
  'client assertion': {
    make: (random) => `${part({ alg: 'ES256' })}.${part({ iss: 'c', sub: 'c', jti: random })}.${random}`,
    home: asParameter('client_assertion'),
  },
  'SAML assertion': { make: (random) => base64(`<Assertion>${random}</Assertion>`), home: asParameter('assertion') },
  'subject token': { make: opaque, home: asParameter('subject_token') },
  'actor token': { make: opaque, home: asParameter('actor_token') },
  'device code': { make: opaque, home: asMember('device_code') },
  password: { make: opaque, home: asParameter('password') },
  'new password': { make: opaque, home: asMember('newPassword') },
  'API key of a header': { make: opaque, home: asField('X-Api-Key') },
  'API key of a member': { make: opaque, home: asMember('api_key') },
  'private key': { make: opaque, home: asMember('private_key') },
  'key of OpenAI': { make: (random) => `sk-${random}`, home: asText },
  'key of GitHub': { make: (random) => `ghp_${random}`, home: asText },
  'key of Slack': { make: (random) => `xoxb-${random}`, home: asText },
  'key of Google': { make: (random) => `AIza${random}`, home: asText },
  'key of AWS': { make: (random) => `AKIA${random}`, home: asText },
  'proof of possession': {
    make: (random) => `${part({ typ: 'dpop+jwt', alg: 'ES256' })}.${part({ jti: random, htm: 'POST' })}.${random}`,
    home: asField('DPoP'),
  },
  'CSRF token': { make: opaque, home: asField('X-CSRF-Token') },
  'session token': { make: opaque, home: asMember('sessionToken') },
  'password in an address': {
    make: opaque,
    home: (secret) => ({ url: `https://alice:${e(secret)}@mcp.example.com/mcp` }),
  },
};

const rpc = (value: unknown): string => JSON.stringify({ jsonrpc: '2.0', id: 7, ...(value as object) });
const json = (value: unknown): Partial<EntryParts> => ({ content: JSON.stringify(value) });
const text = (content: string, contentType = 'text/plain'): Partial<EntryParts> => ({ content, contentType });
const extra = (value: Readonly<Record<string, unknown>>): Partial<EntryParts> => ({ extra: value });

/** More than forty sorts of place in a HAR where a secret that is known from elsewhere may turn up, without a name that tells. */
export const places: Readonly<Record<string, (secret: string) => Partial<EntryParts>>> = {
  query: (secret) => ({ url: `${server}?q=${e(secret)}` }),
  'query inside a query': (secret) => ({ url: `${server}?next=${e(`https://x.example/?q=${e(secret)}`)}` }),
  'name of a parameter': (secret) => ({ url: `${server}?${e(secret)}=1` }),
  fragment: (secret) => ({ url: `${app}#q=${e(secret)}` }),
  path: (secret) => ({ url: `https://mcp.example.com/files/${e(secret)}/raw` }),
  'request header': (secret) => ({ requestHeaders: { 'X-Note': secret } }),
  'quoted header': (secret) => ({ requestHeaders: { 'X-Note': `a="${secret}", b=2` } }),
  cookie: (secret) => ({ requestHeaders: { Cookie: `a=b; c=${secret}` } }),
  'set cookie': (secret) => ({ responseHeaders: { 'Set-Cookie': `c=${secret}; Path=/; HttpOnly` } }),
  referer: (secret) => ({ requestHeaders: { Referer: `https://app.example.com/?q=${e(secret)}` } }),
  location: (secret) => ({ status: 302, responseHeaders: { Location: `/next?q=${e(secret)}` } }),
  link: (secret) => ({ responseHeaders: { Link: `<https://x.example/${e(secret)}>; rel="next"` } }),
  challenge: (secret) => ({
    status: 401,
    responseHeaders: {
      'WWW-Authenticate': `Bearer error="invalid_token", error_description="token ${secret} is expired"`,
    },
  }),
  'form value': (secret) => ({ bodyType: form, body: `a=1&b=${e(secret)}` }),
  'form name': (secret) => ({ bodyType: form, body: `${e(secret)}=1` }),
  multipart: (secret) => ({
    bodyType: 'multipart/form-data; boundary=b',
    body: `--b\r\nContent-Disposition: form-data; name="note"\r\n\r\n${secret}\r\n--b--`,
  }),
  'JSON request': (secret) => ({ body: JSON.stringify({ note: secret }) }),
  "a tool's argument": (secret) => ({
    body: rpc({ method: 'tools/call', params: { name: 'echo', arguments: { text: `use ${secret}` } } }),
  }),
  'JSON member': (secret) => json({ note: secret }),
  'JSON name': (secret) => json({ [secret]: 1 }),
  'JSON list': (secret) => json([[['a', secret]]]),
  'JSON in JSON': (secret) => json({ log: JSON.stringify({ inner: JSON.stringify({ note: secret }) }) }),
  "a tool's result": (secret) => json({ jsonrpc: '2.0', id: 7, result: { content: [{ type: 'text', text: secret }] } }),
  'JSON-RPC error': (secret) => json({ jsonrpc: '2.0', id: 7, error: { code: -32603, message: `bad ${secret}` } }),
  'event stream': (secret) =>
    text(`event: message\ndata: ${JSON.stringify({ note: secret })}\n\n`, 'text/event-stream'),
  'event of text': (secret) => text(`data: ${secret}\n\n`, 'text/event-stream'),
  prose: (secret) => text(`we got ${secret}, and it failed.`),
  'text of lines': (secret) => text(`line one\n${secret}\nline three`),
  HTML: (secret) => text(`<p title="${secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">x</p>`, 'text/html'),
  script: (secret) => text(`const note = ${JSON.stringify(secret)};`, 'text/javascript'),
  XML: (secret) => text(`<note>${secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</note>`, 'application/xml'),
  'base64 of text': (secret) => json({ data: base64(`the note is ${secret}, no more`) }),
  'base64 body': (secret) => ({
    content: base64(JSON.stringify({ note: secret })),
    extra: { comment: 'encoded' },
  }),
  'initiator of the request': (secret) =>
    extra({ _initiator: { type: 'script', url: `https://x.example/?q=${e(secret)}` } }),
  'web socket': (secret) => extra({ _webSocketMessages: [{ type: 'send', data: JSON.stringify({ note: secret }) }] }),
  'comment of the entry': (secret) => extra({ comment: `seen: ${secret}` }),
  "a stranger's field": (secret) => extra({ _stranger: { deep: [{ note: secret }] } }),
  "a stranger's headers": (secret) => extra({ _stranger: { headers: [{ name: 'X-Note', value: secret }] } }),
  'error of the browser': (secret) => extra({ _error: `net::ERR_ABORTED ${secret}` }),
  'error description': (secret) => json({ error: 'invalid_grant', error_description: `unknown ${secret}` }),
  'name of a thing': (secret) => json({ tools: [{ name: secret, title: 'x' }] }),
  'cached copy': (secret) => extra({ cache: { beforeRequest: { eTag: secret, comment: secret } } }),
};
