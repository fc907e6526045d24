import { query, setAnswer, setForm, setQuery } from '../edit.ts';
import { answerRedirect, at, change, ELSEWHERE, type Fault } from '../places.ts';

/** What an authorization server can do wrong. */
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
