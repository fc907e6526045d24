/**
 * Which names carry secrets: parameters, members, header fields and cookies,
 * whatever their spelling (`access_token`, `accessToken`, `Access-Token`).
 */

/** The sort of a secret; with a number it makes the alias: `code-1`. */
export type Kind =
  | 'at'
  | 'rt'
  | 'id'
  | 'code'
  | 'verifier'
  | 'challenge'
  | 'state'
  | 'nonce'
  | 'secret'
  | 'assertion'
  | 'password'
  | 'key'
  | 'session'
  | 'cookie'
  | 'login'
  | 'request'
  | 'field'
  | 'env'
  | 'jwt'
  | 'sub'
  | 'claim'
  | 'text';

export const kinds: readonly Kind[] = [
  'at',
  'rt',
  'id',
  'code',
  'verifier',
  'challenge',
  'state',
  'nonce',
  'secret',
  'assertion',
  'password',
  'key',
  'session',
  'cookie',
  'login',
  'request',
  'field',
  'env',
  'jwt',
  'sub',
  'claim',
  'text',
];

/** Personal rather than a credential: the level `tokens` leaves these alone. */
export const personalKinds: ReadonlySet<Kind> = new Set<Kind>([
  'login',
  'field',
  'env',
  'sub',
  'claim',
  'text',
  'nonce',
]);

/** Credentials made by a server to be unguessable: replaced wherever they turn up. */
export const unguessableKinds: ReadonlySet<Kind> = new Set<Kind>([
  'at',
  'rt',
  'id',
  'code',
  'verifier',
  'secret',
  'assertion',
  'key',
  'jwt',
]);

/** Secret in a query, a form, a JSON body, a cookie or prose alike. Keys are normalised. */
const everywhere: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['accesstoken', 'at'],
  ['authorizationtoken', 'at'],
  ['bearertoken', 'at'],
  ['authtoken', 'at'],
  ['subjecttoken', 'at'],
  ['actortoken', 'at'],
  ['refreshtoken', 'rt'],
  ['idtoken', 'id'],
  ['idtokenhint', 'id'],
  ['authorizationcode', 'code'],
  ['codeverifier', 'verifier'],
  ['codechallenge', 'challenge'],
  ['clientsecret', 'secret'],
  ['clientassertion', 'assertion'],
  ['assertion', 'assertion'],
  ['samlresponse', 'assertion'],
  ['samlassertion', 'assertion'],
  ['dpop', 'jwt'],
  ['password', 'password'],
  ['passwd', 'password'],
  ['pwd', 'password'],
  ['passphrase', 'password'],
  ['newpassword', 'password'],
  ['oldpassword', 'password'],
  ['currentpassword', 'password'],
  ['otp', 'password'],
  ['totp', 'password'],
  ['secret', 'secret'],
  ['secretkey', 'secret'],
  ['privatekey', 'secret'],
  ['registrationaccesstoken', 'key'],
  ['devicecode', 'code'],
  ['usercode', 'code'],
  ['requesturi', 'request'],
  ['loginhint', 'login'],
  ['logouthint', 'login'],
  ['apikey', 'key'],
  ['xapikey', 'key'],
  ['accesskey', 'key'],
  ['secretaccesskey', 'key'],
  ['sessiontoken', 'session'],
  ['csrftoken', 'key'],
  ['csrf', 'key'],
  ['xsrftoken', 'key'],
  ['xsrf', 'key'],
  ['sessionid', 'session'],
  ['mcpsessionid', 'session'],
  ['sessionstate', 'session'],
  ['jsessionid', 'session'],
  ['phpsessid', 'session'],
  ['proxyauthtoken', 'key'],
  ['mcpproxyauthtoken', 'key'],
]);

/** Secret where OAuth parameters stand: queries, fragments, forms and OAuth's JSON bodies. */
const parameters: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['code', 'code'],
  ['state', 'state'],
  ['nonce', 'nonce'],
  ['token', 'key'],
  ['request', 'request'],
  ['ticket', 'key'],
  ['relaystate', 'state'],
  ['sid', 'session'],
  ['username', 'login'],
  ['user', 'login'],
  ['login', 'login'],
  ['email', 'login'],
  ['pin', 'password'],
  ['key', 'key'],
  ['sig', 'key'],
  ['signature', 'key'],
  ['auth', 'key'],
]);

/** Members that hold environment variables of local programs. */
const environments: ReadonlySet<string> = new Set([
  'env',
  'environ',
  'environment',
  'defaultenvironment',
  'environmentvariables',
]);

/** Names that OAuth, OpenID Connect and MCP make public: never secret, whatever they resemble. */
const publicNames: ReadonlySet<string> = new Set([
  'wwwauthenticate',
  'tokentype',
  'tokenendpoint',
  'tokenendpointauthmethod',
  'codechallengemethod',
  'xcustomauthheader',
  'xcustomauthheaders',
  'proxyauthenticate',
  'secfetchmode',
]);

/** Lower case, without the separators that spellings differ in. */
export function normalise(name: string): string {
  let plain = plainNames.get(name);
  if (plain === undefined) {
    plain = name
      .slice(0, 80)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '');
    if (plainNames.size >= MOST_NAMES) plainNames.clear();
    if (name.length <= 80) plainNames.set(name, plain);
  }
  return plain;
}

/** Names met last: a log has few of them, each a thousand times. */
const plainNames = new Map<string, string>();
const MOST_NAMES = 1000;

/** Tokens that are places in a list or a request, not credentials. */
const cursors: ReadonlySet<string> = new Set([
  'progresstoken',
  'pagetoken',
  'nextpagetoken',
  'continuationtoken',
  'synctoken',
]);

function kindOfPlain(plain: string): Kind | null {
  const known = everywhere.get(plain);
  if (known !== undefined) return known;
  if (cursors.has(plain)) return null;
  if (plain.endsWith('password') || plain.endsWith('passphrase')) return 'password';
  if (plain.endsWith('secret')) return 'secret';
  return plain.endsWith('token') || plain.endsWith('apikey') || plain.endsWith('privatekey') ? 'key' : null;
}

/** The kind of secret that a member or a variable of that name holds anywhere; null for none. */
export function kindOfMember(name: string): Kind | null {
  return kindOfPlain(normalise(name));
}

/** The kind of secret that a parameter of a query, a fragment or an OAuth form holds; null for none. */
export function kindOfParameter(name: string): Kind | null {
  const plain = normalise(name);
  return parameters.get(plain) ?? kindOfPlain(plain);
}

/** The kind of secret that a header field holds as a whole; null for none. `Authorization`, `Cookie` and `DPoP` have their own grammar. */
export function kindOfHeader(name: string): Kind | null {
  const known = headerKinds.get(name);
  if (known !== undefined) return known;
  const kind = readKindOfHeader(name);
  if (headerKinds.size >= MOST_NAMES) headerKinds.clear();
  headerKinds.set(name, kind);
  return kind;
}

/** Kinds of the fields met last. */
const headerKinds = new Map<string, Kind | null>();
const headerMarks = ['token', 'secret', 'apikey', 'csrf', 'xsrf', 'password', 'credential', 'auth', 'assertion', 'jwt'];

function readKindOfHeader(name: string): Kind | null {
  const plain = normalise(name);
  if (publicNames.has(plain) || plain.startsWith('accesscontrol') || plain.startsWith('sec')) return null;
  const known = everywhere.get(plain);
  if (known !== undefined) return known;
  if (plain.includes('session')) return 'session';
  if (plain.includes('nonce')) return 'nonce';
  return headerMarks.some((mark) => plain.includes(mark)) ? 'key' : null;
}

/** Parameters and members whose values are public by their nature. */
export const publicParameters: ReadonlySet<string> = new Set(
  (
    'scope scopes scopesupported scopessupported clientid redirecturi redirecturis resource iss issuer audience aud granttype ' +
    'granttypes responsetype responsetypes responsemode codechallengemethod tokentype tokenendpoint authorizationendpoint ' +
    'registrationendpoint authorizationservers jwksuri uri protocolversion requiredscopes'
  ).split(' '),
);

/** Of these the words are public; somebody may have written anything there. */
export const spokenParameters: ReadonlySet<string> = new Set(
  'prompt display error errordescription method name tool toolname clientname'.split(' '),
);

export function holdsEnvironment(name: string): boolean {
  return environments.has(normalise(name));
}

/** JWT header parameters and claims whose values stay readable (RFC 7519, RFC 9068). */
export const readableClaims: ReadonlySet<string> = new Set([
  'iss',
  'aud',
  'exp',
  'iat',
  'nbf',
  'scope',
  'scp',
  'azp',
  'client_id',
  'typ',
  'alg',
]);

const placeholders: ReadonlySet<string> = new Set([
  '',
  'undefined',
  'null',
  '[redacted]',
  '<redacted>',
  '(redacted)',
  'redacted',
  '[object object]',
]);

/** Not a secret: empty, a program's word for nothing, or what another tool left in a secret's place. */
export function isPlaceholder(value: string): boolean {
  if (value.length > 200) return false;
  const plain = value.trim();
  if (plain.length <= LONGEST_PLACEHOLDER && placeholders.has(plain.toLowerCase())) return true;
  for (const character of plain) if (character !== '*' && character !== '•') return false;
  return true;
}

const LONGEST_PLACEHOLDER = Math.max(...[...placeholders].map((word) => word.length));
