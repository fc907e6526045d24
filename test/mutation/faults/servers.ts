import { header, setAnswer, setHeader } from '../edit.ts';
import { at, change, ELSEWHERE, type Fault } from '../places.ts';

/** What an MCP server can do wrong. */
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
