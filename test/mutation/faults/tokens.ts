import { jwt } from '../../traffic/traffic.ts';
import { form, header, setAnswer, setForm, setHeader, setQuery, setSent } from '../edit.ts';
import { at, change, ELSEWHERE, type Fault, knowElsewhere, tokenOf } from '../places.ts';

/** What a client can do wrong with the tokens that it has, and when they are refused. */
export const tokenFaults: readonly Fault[] = [
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
  {
    kind: 'the access token goes over http',
    rules: ['bearer-over-plaintext'],
    entails: { 'token-from-servers-as': 'whoever answers by http is another resource' },
    plant(draft) {
      const call = at.call(draft);
      if (call === null || !draft.entry(call).request.url.startsWith('https://')) return null;
      const plain = structuredClone(draft.entry(call));
      plain.request.url = plain.request.url.replace('https://', 'http://');
      return draft.insert(call, plain);
    },
  },
  {
    kind: 'a refused call is repeated without end',
    rules: ['auth-retry-limit'],
    plant(draft) {
      const call = at.call(draft);
      const refused = draft.entries.find(
        ({ request, response }) => response.status === 401 && header(request, 'authorization') !== null,
      );
      if (call === null || refused === undefined) return null;
      const again = structuredClone(draft.entry(call));
      again.response = structuredClone(refused.response);
      const first = draft.insert(call, again, 2000);
      const second = draft.insert(first, again, 2000);
      const third = draft.insert(second, again, 2000);
      draft.insert(third, again, 2000);
      return third;
    },
  },
  {
    kind: 'the access token goes to another MCP server',
    rules: ['token-from-servers-as'],
    plant(draft) {
      const call = at.call(draft);
      if (call === null) return null;
      const stray = structuredClone(draft.entry(call));
      stray.request.url = `${ELSEWHERE}/mcp`;
      return draft.insert(call, stray);
    },
  },
];
