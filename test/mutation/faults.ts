import type { Grant } from '../../src/story/model.ts';
import { jwt } from '../traffic/traffic.ts';
import {
  type Draft,
  type Entry,
  form,
  header,
  query,
  setAnswer,
  setForm,
  setHeader,
  setLocation,
  setQuery,
  setSent,
  withQuery,
} from './edit.ts';

/** One kind of fault that a client, a server or an authorization server can commit, and how it is put into a sound log. */
export interface Fault {
  readonly kind: string;
  /** The rules of which one at least must find it. */
  readonly rules: readonly string[];
  /** Rules that rightly fail besides, since the fault entails what they are about; each with the reason. */
  readonly entails?: Readonly<Record<string, string>>;
  /** The first MCP revision that knows of it; earlier sessions have no place for it. */
  readonly since?: '2025-11-25' | '2026-07-28';
  /** Puts it in; returns the culprit's index, null where the log has no place for it. */
  plant(draft: Draft): number | null;
}

function tokenOf(draft: Draft, index: number): string | null {
  const entry = draft.entries[index];
  return entry === undefined ? null : header(entry.request, 'authorization');
}

const first = <T>(items: readonly T[]): T | null => items[0] ?? null;

/** Places in a sound log, by what it was judged to be. */
const at = {
  grants: (draft: Draft): readonly Grant[] => draft.clean.story.grants.filter((grant) => grant.server !== null),
  authorize: (draft: Draft): number | null => first(at.grants(draft))?.authorization?.exchange.entry ?? null,
  callback: (draft: Draft): number | null => first(at.grants(draft))?.callback?.exchange.entry ?? null,
  token: (draft: Draft): number | null => first(at.grants(draft))?.token?.exchange.entry ?? null,
  stepUp: (draft: Draft): Grant | null => first(at.grants(draft).filter((grant) => grant.cause === 'step-up')),
  role: (draft: Draft, kind: string): number | null =>
    first([...draft.clean.story.roles].filter(([, role]) => role.kind === kind).map(([entry]) => entry)),
  /** Calls with a token that were answered with 200. */
  calls: (draft: Draft): readonly number[] =>
    [...draft.clean.story.roles]
      .filter(([entry, role]) => {
        const found = draft.entries[entry];
        return (
          role.kind === 'mcp' &&
          found?.request.method === 'POST' &&
          found.response.status === 200 &&
          found.request.postData?.text.includes('"id"') === true &&
          header(found.request, 'authorization') !== null
        );
      })
      .map(([entry]) => entry)
      .sort((one, other) => one - other),
  call: (draft: Draft): number | null => at.calls(draft).at(-1) ?? null,
  challenge: (draft: Draft): number | null =>
    first(draft.entries.flatMap((entry, index) => (isTokenless401(entry) ? [index] : []))),
  refresh: (draft: Draft): number | null => at.role(draft, 'refresh'),
};

function isTokenless401(entry: Entry): boolean {
  return (
    entry.response.status === 401 &&
    header(entry.request, 'authorization') === null &&
    header(entry.response, 'www-authenticate') !== null
  );
}

/** A change to the entry at one of these places. */
function change(place: (draft: Draft) => number | null, how: (entry: Entry, draft: Draft) => unknown): Fault['plant'] {
  return (draft) => {
    const index = place(draft);
    if (index === null) return null;
    return how(draft.entry(index), draft) === false ? null : index;
  };
}

/** Changes the authorization response at each hop that carries it; returns the first of them. */
function answerRedirect(draft: Draft, how: (url: string) => string): number | null {
  const callback = at.callback(draft);
  const landing = callback === null ? null : draft.entry(callback);
  const code = landing && (query(landing, 'code') ?? codeOf(header(landing.response, 'location')));
  if (!code) return null;
  for (const entry of draft.entries) {
    const location = header(entry.response, 'location');
    if (location !== null && codeOf(location) === code) setLocation(entry, how(location));
    if (query(entry, 'code') === code) entry.request.url = how(entry.request.url);
  }
  return callback;
}

function codeOf(location: string | null): string | null {
  return location !== null && URL.canParse(location) ? new URL(location).searchParams.get('code') : null;
}

const ELSEWHERE = 'https://elsewhere.example.net';

/** The other authorization server's metadata, read by the same page before: without it nobody knows whose its endpoints are. */
function knowElsewhere(draft: Draft): boolean {
  const place = at.role(draft, 'authorization-server-metadata');
  const other = place === null ? undefined : draft.entries[place];
  const last = draft.entries.length - 1;
  if (other === undefined || other.response.status !== 200 || !other.response.content.text?.startsWith('{'))
    return false;
  const document = JSON.parse(other.response.content.text);
  if (!URL.canParse(document.issuer)) return false;
  const endpoints = { authorization_endpoint: `${ELSEWHERE}/authorize`, token_endpoint: `${ELSEWHERE}/token` };
  const copy = structuredClone(other);
  copy.request.url = `${ELSEWHERE}/.well-known/oauth-authorization-server`;
  copy.response.content.text = JSON.stringify({ ...document, ...endpoints, issuer: ELSEWHERE });
  draft.insert(last, copy, 5);
  return true;
}

export const clientFaults: readonly Fault[] = [
  {
    kind: 'offline_access is not asked for, and no refresh token comes',
    rules: ['sep-2207-offline-access-requested'],
    entails: {
      'offline-access-prompt-consent': 'a prompt is for offline_access',
      'sep-2207-client-metadata-grant-types': 'the grant is declared for a refresh token that is not asked for',
      'refresh-token-replaced': 'the refresh tokens of the log are gone',
    },
    plant(draft) {
      const [authorize, token] = [at.authorize(draft), at.token(draft)];
      if (authorize === null || token === null || at.refresh(draft) !== null || at.stepUp(draft) !== null) return null;
      const scope = query(draft.entry(authorize), 'scope');
      if (scope?.includes('offline_access') !== true) return null;
      const without = scope
        .split(' ')
        .filter((one) => one !== 'offline_access')
        .join(' ');
      setQuery(draft.entry(authorize), 'scope', without);
      setAnswer(draft.entry(token), (document) => {
        delete document.refresh_token;
        if (typeof document.scope === 'string') document.scope = without;
      });
      return authorize;
    },
  },
  {
    kind: 'a step-up asks for the challenged scope alone',
    since: '2026-07-28',
    rules: ['sep-2350-scope-union-on-reauth'],
    entails: {
      'sep-2207-offline-access-requested': 'offline_access is among what is left out',
      'challenge-scope-authoritative': 'of the challenged scopes some are left out',
      'scope-from-www-authenticate': 'of the challenged scopes some are left out',
    },
    plant(draft) {
      const entry = at.stepUp(draft)?.authorization?.exchange.entry;
      if (entry === undefined) return null;
      const asked = query(draft.entry(entry), 'scope')?.split(' ') ?? [];
      const from = at.stepUp(draft)?.challenges[0]?.exchange.entry;
      const said = from === undefined ? null : header(draft.entry(from).response, 'www-authenticate');
      const challenged = said?.split('scope="')[1]?.split('"')[0]?.split(' ').at(-1);
      if (from === undefined || !said || !challenged || asked.every((scope) => scope === challenged)) return null;
      setHeader(draft.entry(from).response, 'www-authenticate', said.replace(/scope="[^"]*"/, `scope="${challenged}"`));
      setQuery(draft.entry(entry), 'scope', challenged);
      return entry;
    },
  },
  {
    kind: 'no PKCE at all',
    rules: ['pkce-code-challenge-sent'],
    entails: {
      'as-pkce-enforced': 'the authorization server lets it pass',
      'pkce-code-verifier-sent': 'without a challenge there is no verifier',
      'pkce-s256-method-used': 'without a challenge there is no method',
      'pkce-verifier-matches-challenge': 'a code exchange without a verifier fails there too',
    },
    plant(draft) {
      const [authorize, token] = [at.authorize(draft), at.token(draft)];
      if (authorize === null || token === null) return null;
      for (const name of ['code_challenge', 'code_challenge_method']) setQuery(draft.entry(authorize), name, null);
      setForm(draft.entry(token), 'code_verifier', null);
      return authorize;
    },
  },
  {
    kind: 'PKCE with the plain method',
    rules: ['pkce-s256-method-used'],
    plant(draft) {
      const [authorize, token] = [at.authorize(draft), at.token(draft)];
      const verifier = token === null ? null : form(draft.entry(token), 'code_verifier');
      if (authorize === null || verifier === null) return null;
      setQuery(draft.entry(authorize), 'code_challenge_method', 'plain');
      setQuery(draft.entry(authorize), 'code_challenge', verifier);
      return authorize;
    },
  },
  {
    kind: 'no code_verifier',
    rules: ['pkce-code-verifier-sent'],
    entails: {
      'as-pkce-enforced': 'the authorization server lets it pass',
      'pkce-verifier-matches-challenge': 'a code exchange without a verifier fails there too',
    },
    plant: change(at.token, (entry) => setForm(entry, 'code_verifier', null)),
  },
  {
    kind: 'a verifier of another challenge',
    rules: ['pkce-verifier-matches-challenge'],
    entails: { 'as-pkce-enforced': 'the authorization server lets it pass' },
    plant: change(at.token, (entry) => setForm(entry, 'code_verifier', 'q'.repeat(64))),
  },
  {
    kind: 'a response of another issuer is taken',
    rules: ['sep-2468-client-compare-iss-supported', 'sep-2468-client-compare-iss-unadvertised'],
    entails: { 'as-iss-value': 'the authorization server named another issuer' },
    plant: (draft) => {
      if (!draft.entries.some((entry) => query(entry, 'iss') !== null)) return null;
      return answerRedirect(draft, (url) => withQuery(url, 'iss', ELSEWHERE));
    },
  },
  {
    kind: 'a response without the promised iss is taken',
    rules: ['sep-2468-client-reject-missing-iss'],
    entails: { 'as-iss-included': 'the authorization server left it out' },
    plant: (draft) => {
      if (!draft.entries.some((entry) => query(entry, 'iss') !== null)) return null;
      return answerRedirect(draft, (url) => withQuery(url, 'iss', null));
    },
  },
  {
    kind: 'a response of another state is taken',
    rules: ['state-verified'],
    entails: { 'as-state-returned': 'the authorization server changed it' },
    plant: (draft) => answerRedirect(draft, (url) => withQuery(url, 'state', 'state-of-somebody-else-1234')),
  },
  {
    kind: 'no state',
    rules: ['state-used'],
    plant(draft) {
      const authorize = at.authorize(draft);
      if (authorize === null || answerRedirect(draft, (url) => withQuery(url, 'state', null)) === null) return null;
      setQuery(draft.entry(authorize), 'state', null);
      return authorize;
    },
  },
  {
    kind: 'the same state twice',
    rules: ['state-used'],
    plant(draft) {
      const [one, other] = at.grants(draft).map((grant) => grant);
      const [a, b] = [one?.authorization?.exchange.entry, other?.authorization?.exchange.entry];
      if (a === undefined || b === undefined || other?.callback === null) return null;
      const [state, old] = [query(draft.entry(a), 'state'), query(draft.entry(b), 'state')];
      if (state === null || old === null) return null;
      for (const entry of draft.entries) {
        if (query(entry, 'state') === old) setQuery(entry, 'state', state);
        const location = header(entry.response, 'location');
        if (location?.includes(old)) setLocation(entry, withQuery(location, 'state', state));
      }
      return b;
    },
  },
  {
    kind: 'a code is redeemed twice',
    rules: ['authorization-code-single-use'],
    entails: { 'as-pkce-enforced': 'the authorization server lets the second one pass' },
    plant(draft) {
      const token = at.token(draft);
      if (token === null) return null;
      const again = structuredClone(draft.entry(token));
      again.response.status = 400;
      again.response.content.text = JSON.stringify({ error: 'invalid_grant' });
      return draft.insert(token, again, 400);
    },
  },
  {
    kind: 'a refresh token that was replaced is sent again',
    rules: ['refresh-token-replaced'],
    entails: {
      'sep-2702-needs-reauth': 'the refused refresh is not followed by a sign-in',
      'sep-2702-no-refresh-on-other-error': 'no 401 led to it',
    },
    plant(draft) {
      const refresh = at.refresh(draft);
      if (refresh === null || !draft.entry(refresh).response.content.text?.includes('refresh_token')) return null;
      const again = structuredClone(draft.entry(refresh));
      again.response.status = 400;
      again.response.content.text = JSON.stringify({ error: 'invalid_grant' });
      return draft.insert(refresh, again, 400);
    },
  },
  {
    kind: 'the access token goes to another origin',
    rules: ['token-to-non-mcp-origin'],
    plant(draft) {
      const call = at.call(draft);
      if (call === null) return null;
      const stray = structuredClone(draft.entry(call));
      stray.request.method = 'GET';
      stray.request.headers = stray.request.headers.filter(({ name }) => !/^(?:mcp-|accept$|content-)/i.test(name));
      stray.request.url = `${ELSEWHERE}/profile`;
      delete stray.request.postData;
      stray.response.headers = [];
      stray.response.content = { size: 2, mimeType: 'text/plain', text: 'ok' };
      return draft.insert(call, stray);
    },
  },
  {
    kind: 'the access token stands in the URL',
    rules: ['token-in-query'],
    entails: {
      'auth-every-request': 'the header is missing',
      'bearer-header-used': 'the header is missing',
      'session-as-authentication': 'the server answers a request without the header',
    },
    plant: change(at.call, (entry) => {
      const [, token] = header(entry.request, 'authorization')?.split(' ') ?? [];
      if (token === undefined) return false;
      setQuery(entry, 'access_token', token);
      setHeader(entry.request, 'authorization', null);
      return true;
    }),
  },
  {
    kind: 'a later request carries no token',
    rules: ['auth-every-request'],
    plant(draft) {
      // Lists may be open to all (guard G16): only a tool's call must carry the token.
      const calls = at.calls(draft).filter((call) => draft.entry(call).request.postData?.text.includes('tools/call'));
      // The token is used again later, so the client still held it.
      const index = calls
        .slice(1)
        .find(
          (call, place) =>
            tokenOf(draft, call) === tokenOf(draft, calls[place] ?? -1) &&
            tokenOf(draft, call) === tokenOf(draft, calls[place + 2] ?? -1),
        );
      if (index === undefined || draft.clean.story.recoveries.some(({ entries }) => entries.includes(index)))
        return null;
      setHeader(draft.entry(index).request, 'authorization', null);
      return index;
    },
  },
  {
    kind: 'no resource in the authorization request',
    rules: ['resource-parameter-in-authorization'],
    entails: { 'resource-parameter-consistency': 'the code exchange names one that was not asked for' },
    plant: change(at.authorize, (entry) =>
      query(entry, 'resource') === null ? false : setQuery(entry, 'resource', null),
    ),
  },
  {
    kind: 'no resource in the code exchange',
    rules: ['resource-parameter-in-token'],
    plant: change(at.token, (entry) => (form(entry, 'resource') === null ? false : setForm(entry, 'resource', null))),
  },
  {
    kind: 'another resource in the authorization request',
    rules: ['resource-parameter-canonical'],
    entails: { 'resource-parameter-consistency': 'the code exchange names the right one' },
    plant: change(at.authorize, (entry) =>
      query(entry, 'resource') === null ? false : setQuery(entry, 'resource', `${ELSEWHERE}/mcp`),
    ),
  },
  {
    kind: 'a resource with a fragment',
    rules: ['resource-parameter-valid-uri'],
    entails: {
      'resource-parameter-consistency': 'the code exchange names it without',
      'resource-parameter-canonical': 'with a fragment it is not the server',
    },
    plant: change(at.authorize, (entry) => {
      const resource = query(entry, 'resource');
      return resource === null ? false : setQuery(entry, 'resource', `${resource}#part`);
    }),
  },
  {
    kind: 'another redirect_uri in the code exchange',
    rules: ['redirect-uri-identical-in-token'],
    plant: change(at.token, (entry) => setForm(entry, 'redirect_uri', 'https://app.example.org/other')),
  },
  {
    kind: 'a redirect_uri that is not registered',
    rules: ['redirect-uri-registered'],
    entails: {
      'redirect-uri-identical-in-token': 'the code exchange names the registered one',
      'as-redirect-uri-exact': 'the authorization server lets it pass',
    },
    plant: (draft) => {
      if (at.role(draft, 'registration') === null) return null;
      return change(at.authorize, (entry) => setQuery(entry, 'redirect_uri', `${query(entry, 'redirect_uri')}/deeper`))(
        draft,
      );
    },
  },
  {
    kind: 'an access token is asked for in the redirect',
    rules: ['oauth21-forbidden-flow'],
    entails: {
      'authorization-request': 'response_type is not code',
      'authorization-code-grant': 'it is another grant',
    },
    plant: change(at.authorize, (entry) => setQuery(entry, 'response_type', 'token')),
  },
  {
    kind: 'no client_id in the authorization request',
    rules: ['authorization-request'],
    entails: { 'cimd-client-id-used': 'the client is not named', 'pre-registration-auth': 'the client is not named' },
    plant: change(at.authorize, (entry) => setQuery(entry, 'client_id', null)),
  },
  {
    kind: 'the code exchange is JSON',
    rules: ['token-request-post-form'],
    entails: { 'token-request': 'its parameters cannot be read as a form' },
    plant: change(at.token, (entry) => {
      const { postData } = entry.request;
      if (postData === undefined) return false;
      postData.text = JSON.stringify(Object.fromEntries(new URLSearchParams(postData.text)));
      postData.mimeType = 'application/json';
      setHeader(entry.request, 'content-type', 'application/json');
      return true;
    }),
  },
  {
    kind: 'two refreshes at once',
    rules: ['refresh-single-flight', 'sep-2702-single-refresh'],
    entails: {
      'refresh-token-replaced': 'the second sends what the first replaced',
      'as-rotates-refresh-tokens': 'one token is taken twice',
    },
    plant(draft) {
      const refresh = at.refresh(draft);
      if (refresh === null) return null;
      const entry = draft.entry(refresh);
      entry.time = Math.max(entry.time, 15);
      const again = structuredClone(entry);
      // With the very tokens of the first it would be the same request, recorded twice (guard G2).
      setAnswer(again, (answer) => {
        for (const name of ['access_token', 'refresh_token']) if (answer[name]) answer[name] = `${answer[name]}second`;
      });
      return draft.insert(refresh, again, -entry.time + 4);
    },
  },
  {
    kind: 'no retry after the refresh',
    rules: ['sep-2702-retry-original'],
    plant(draft) {
      const recovery = draft.clean.story.recoveries.find(
        ({ how, entries }) => how === 'silent-refresh' && entries.length === 3,
      );
      const [refused, refresh, retry] = recovery?.entries ?? [];
      if (refused === undefined || refresh === undefined || retry === undefined) return null;
      // What the model was told came from the retry.
      if (draft.clean.story.roles.size > 0 && at.role(draft, 'model') !== null) return null;
      const later = at.calls(draft).some((call) => call > retry);
      if (!later) return null;
      draft.remove(retry);
      return refused;
    },
  },
  {
    kind: 'the model is told 401 although a refresh token is at hand',
    rules: ['sep-2702-401-surfaced-to-model'],
    entails: { 'sep-2702-silent-refresh': 'no refresh was tried', 'sep-2702-needs-reauth': 'nor a sign-in' },
    plant(draft) {
      const recovery = draft.clean.story.recoveries.find(
        ({ how, entries }) => how === 'silent-refresh' && entries.length === 3,
      );
      const [refused, refresh] = recovery?.entries ?? [];
      const told = draft.entries.findIndex(
        (entry, index) => index > (refresh ?? 0) && entry.request.postData?.text.includes('"role":"tool"'),
      );
      if (refused === undefined || refresh === undefined || told < 0) return null;
      setSent(draft.entry(told), ({ messages }) => {
        const results = (messages as { role: string; content: unknown }[]).filter(({ role }) => role === 'tool');
        const last = results.at(-1);
        if (last) last.content = 'Error: HTTP 401 Unauthorized';
      });
      // The refresh and all that rests on it.
      draft.entries.splice(told + 1);
      draft.entries.splice(refresh, told - refresh);
      return refresh;
    },
  },
  {
    kind: 'a refresh asks for more than was granted',
    rules: ['refresh-scope-within-grant'],
    plant: change(at.refresh, (entry) =>
      setForm(entry, 'scope', `${form(entry, 'scope') ?? ''} admin:everything`.trim()),
    ),
  },
  {
    kind: 'the refresh token goes to another authorization server',
    rules: ['refresh-to-issuing-as', 'refresh-token-confidential'],
    entails: {
      'refresh-token-confidential': 'the refresh token goes where it does not belong',
      'refresh-to-issuing-as': 'the refresh token goes where it does not belong',
      'sep-2352-no-cross-as-credential-reuse': 'the client is another server’s',
      'token-from-servers-as': 'the new token comes from another server',
    },
    plant: change(at.refresh, (entry, draft) => {
      entry.request.url = `${ELSEWHERE}/token`;
      return knowElsewhere(draft);
    }),
  },
  {
    kind: 'the code goes to another authorization server',
    rules: ['code-sent-to-issuing-as'],
    entails: {
      'code-leaked': 'the code goes where it does not belong',
      'sep-2352-no-cross-as-credential-reuse': 'the client is another server’s',
      'token-from-servers-as': 'the token comes from another server',
      'refresh-to-issuing-as': 'the refresh goes to the other one',
    },
    plant: change(at.token, (entry, draft) => {
      entry.request.url = `${ELSEWHERE}/token`;
      return knowElsewhere(draft);
    }),
  },
  {
    kind: 'registration without application_type',
    since: '2026-07-28',
    rules: ['sep-837-application-type-present'],
    plant: change(
      (draft) => at.role(draft, 'registration'),
      (entry) => {
        if (!entry.request.postData?.text.includes('application_type')) return false;
        setSent(entry, (document) => delete document.application_type);
        return true;
      },
    ),
  },
  {
    kind: 'no MCP-Protocol-Version',
    rules: ['mcp-protocol-version-header', 'sep-2575-http-client-sends-version-header'],
    plant: change(at.call, (entry) => {
      if (header(entry.request, 'mcp-protocol-version') === null) return false;
      setHeader(entry.request, 'mcp-protocol-version', null);
      return true;
    }),
  },
  {
    kind: 'a token of another audience is issued and sent',
    rules: ['token-audience-mismatch'],
    entails: {
      'token-audience-not-validated': 'the server takes it',
      'invalid-bearer-token': 'it was not issued so',
      'token-from-servers-as': 'it was not issued so',
    },
    plant(draft) {
      const token = at.token(draft);
      if (token === null) return null;
      const { access_token: old } = JSON.parse(draft.entry(token).response.content.text ?? '{}');
      if (typeof old !== 'string' || old.split('.').length !== 3) return null;
      const claims = JSON.parse(Buffer.from(old.split('.')[1] ?? '', 'base64url').toString());
      if (claims.aud === undefined) return null;
      const next = jwt({ ...claims, aud: `${ELSEWHERE}/mcp` });
      for (const entry of draft.entries) {
        if (header(entry.request, 'authorization') === `Bearer ${old}`)
          setHeader(entry.request, 'authorization', `Bearer ${next}`);
        const { content } = entry.response;
        if (content.text?.includes(old)) content.text = content.text.replace(old, next);
      }
      return token;
    },
  },
];

export const serverFaults: readonly Fault[] = [
  {
    kind: '401 without a challenge',
    rules: ['www-authenticate-present'],
    entails: {
      'prm-location-discoverable': 'the metadata is not named',
      'scope-from-scopes-supported': 'without a challenge the metadata says what to ask for',
      'scope-over-request': 'without a challenge the metadata says what to ask for',
    },
    plant: change(at.challenge, (entry) => setHeader(entry.response, 'www-authenticate', null)),
  },
  {
    kind: 'the challenge is hidden from the page',
    rules: ['cors-challenge-exposed'],
    plant: change(at.challenge, (entry) => {
      if (header(entry.request, 'origin') === null || header(entry.response, 'access-control-expose-headers') === null)
        return false;
      setHeader(entry.response, 'access-control-expose-headers', null);
      return true;
    }),
  },
  {
    kind: 'a challenge against the grammar',
    rules: ['www-authenticate-well-formed'],
    plant: change(at.challenge, (entry) => {
      const value = header(entry.response, 'www-authenticate') ?? '';
      setHeader(entry.response, 'www-authenticate', `${value}, error_description="not closed`);
    }),
  },
  {
    kind: 'an error code although no token was sent',
    rules: ['challenge-no-error-without-token'],
    plant: change(at.challenge, (entry) => {
      const value = header(entry.response, 'www-authenticate') ?? '';
      if (value.includes('error=')) return false;
      setHeader(entry.response, 'www-authenticate', `${value}, error="invalid_token"`);
      return true;
    }),
  },
  {
    kind: 'offline_access in the challenge',
    rules: ['sep-2207-challenge-no-offline-access'],
    entails: {
      'challenge-scope-consistent': 'the scopes of two challenges differ',
      'scope-from-www-authenticate': 'a client that asks for no offline_access leaves out a challenged scope',
    },
    plant: change(at.challenge, (entry) => {
      const value = header(entry.response, 'www-authenticate') ?? '';
      if (!value.includes('scope="')) return false;
      setHeader(entry.response, 'www-authenticate', value.replace('scope="', 'scope="offline_access '));
      return true;
    }),
  },
  {
    kind: 'offline_access in the protected resource metadata',
    rules: ['sep-2207-prm-no-offline-access'],
    plant: change(
      (draft) => at.role(draft, 'protected-resource-metadata'),
      (entry) => {
        if (entry.response.status !== 200) return false;
        setAnswer(entry, (document) => {
          document.scopes_supported = [
            ...((document.scopes_supported as string[] | undefined) ?? []),
            'offline_access',
          ];
        });
        return true;
      },
    ),
  },
  {
    kind: 'protected resource metadata about another resource',
    rules: ['prm-resource-identical'],
    entails: {
      'resource-mismatch-rejected': 'the client went on',
      'resource-parameter-canonical': 'the resource is not the one of the metadata',
    },
    plant: change(
      (draft) => at.role(draft, 'protected-resource-metadata'),
      (entry) => {
        if (entry.response.status !== 200) return false;
        setAnswer(entry, (document) => {
          document.resource = `${ELSEWHERE}/mcp`;
        });
        return true;
      },
    ),
  },
  {
    kind: 'protected resource metadata without an authorization server',
    rules: ['prm-authorization-servers'],
    entails: { 'token-from-servers-as': 'no server is named' },
    plant: change(
      (draft) => at.role(draft, 'protected-resource-metadata'),
      (entry) => {
        if (entry.response.status !== 200) return false;
        setAnswer(entry, (document) => {
          delete document.authorization_servers;
        });
        return true;
      },
    ),
  },
  {
    kind: 'an expired token is refused with 403',
    rules: ['invalid-token-wrong-status', 'expired-token-rejected-401'],
    entails: { 'sep-2702-no-refresh-on-other-error': 'the refresh follows a 403' },
    plant: change(
      (draft) => {
        const index = draft.entries.findIndex((entry) =>
          header(entry.response, 'www-authenticate')?.includes('error="invalid_token"'),
        );
        return index < 0 ||
          draft.entries[index]?.response.status !== 401 ||
          header(draft.entry(index).request, 'authorization') === null
          ? null
          : index;
      },
      (entry) => {
        entry.response.status = 403;
      },
    ),
  },
  {
    kind: 'a missing scope is refused with 401',
    rules: ['insufficient-scope-status-403'],
    plant: change(
      (draft) => {
        const index = draft.entries.findIndex(
          (entry) =>
            entry.response.status === 403 && header(entry.response, 'www-authenticate')?.includes('insufficient_scope'),
        );
        return index < 0 ? null : index;
      },
      (entry) => {
        entry.response.status = 401;
      },
    ),
  },
  {
    kind: 'the token endpoint answers another origin’s page without CORS: preflight refused',
    rules: ['cors-discovery-endpoints'],
    plant(draft) {
      const prm = at.role(draft, 'protected-resource-metadata');
      if (prm === null || header(draft.entry(prm).request, 'origin') === null) return null;
      const blocked = structuredClone(draft.entry(prm));
      setHeader(blocked.response, 'access-control-allow-origin', null);
      blocked.response.content = { size: 0, mimeType: '' };
      return draft.insert(prm - 1, Object.assign(blocked, { _error: 'net::ERR_FAILED' }), 30);
    },
  },
];

export const authorizationServerFaults: readonly Fault[] = [
  {
    kind: 'PKCE is not advertised',
    rules: ['as-pkce-advertised'],
    entails: { 'pkce-refuse-when-unadvertised': 'the client went on' },
    plant: change(
      (draft) => at.role(draft, 'authorization-server-metadata'),
      (entry) => {
        if (entry.response.status !== 200) return false;
        setAnswer(entry, (document) => delete document.code_challenge_methods_supported);
        return true;
      },
    ),
  },
  {
    kind: 'metadata of another issuer',
    rules: ['as-issuer-identical'],
    entails: {
      'sep-2468-client-validate-metadata-issuer': 'the client went on',
      'as-iss-value': 'the response names the issuer that was asked for',
      'sep-2468-client-compare-iss-supported': 'the response names the issuer that was asked for',
      'sep-2468-client-compare-iss-unadvertised': 'the response names the issuer that was asked for',
      'token-from-servers-as': 'the issuer is not one of the server’s',
    },
    plant: change(
      (draft) => at.role(draft, 'authorization-server-metadata'),
      (entry) => {
        if (entry.response.status !== 200) return false;
        setAnswer(entry, (document) => {
          document.issuer = ELSEWHERE;
        });
        return true;
      },
    ),
  },
  {
    kind: 'an endpoint without TLS',
    rules: ['as-endpoints-https'],
    plant: change(
      (draft) => at.role(draft, 'authorization-server-metadata'),
      (entry) => {
        if (entry.response.status !== 200 || entry.request.url.startsWith('http://')) return false;
        setAnswer(entry, (document) => {
          document.introspection_endpoint = 'http://as-plain.example.com/introspect';
        });
        return true;
      },
    ),
  },
  {
    kind: 'the response goes to another redirect URI',
    rules: ['as-redirect-uri-exact'],
    entails: {
      'redirect-uri-registered': 'the client asked for it',
      'redirect-uri-identical-in-token': 'the code exchange names the registered one',
    },
    plant(draft) {
      const authorize = at.authorize(draft);
      if (authorize === null || at.role(draft, 'registration') === null) return null;
      const uri = query(draft.entry(authorize), 'redirect_uri');
      if (uri === null) return null;
      setQuery(draft.entry(authorize), 'redirect_uri', `${uri}/deeper`);
      return answerRedirect(draft, (url) => url.replace('?', '/deeper?'));
    },
  },
  {
    kind: 'an access token for three months',
    rules: ['as-short-lived-tokens'],
    plant: change(at.token, (entry) =>
      setAnswer(entry, (document) => {
        document.expires_in = 90 * 86_400;
      }),
    ),
  },
  {
    kind: 'a failed refresh is answered with 403',
    rules: ['token-error-status'],
    entails: {
      'sep-2702-needs-reauth': 'the refused refresh is not followed by a sign-in',
      'refresh-token-replaced': 'the tokens of the log come from nowhere',
    },
    plant(draft) {
      const token = at.token(draft);
      if (token === null) return null;
      const failed = structuredClone(draft.entry(token));
      failed.response.status = 403;
      failed.response.content.text = JSON.stringify({ error: 'invalid_request' });
      setForm(failed, 'code', 'a-code-that-was-never-issued-1');
      return draft.insert(token - 1, failed, 10);
    },
  },
];

export const faults: readonly Fault[] = [...clientFaults, ...serverFaults, ...authorizationServerFaults];
