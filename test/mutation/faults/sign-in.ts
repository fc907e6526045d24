import {
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
} from '../edit.ts';
import { answerRedirect, at, change, ELSEWHERE, type Fault, knowElsewhere } from '../places.ts';

/** What a client can do wrong as it registers, asks for authorization and redeems its code. */
export const signInFaults: readonly Fault[] = [
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
];
