/** How a client page is set up; given in the query of its address, all of it text. */
export interface ChatSettings {
  /** The MCP server's address. */
  readonly server: string;
  /** Base address of an OpenAI-compatible API. */
  readonly model: string;
  /** The issuer; only the page that is no MCP client needs to know it. */
  readonly issuer: string;
  /** Where the user signs in: in this tab or in a popup. */
  readonly signIn: 'redirect' | 'popup';
  /** What the registration says in `grant_types` (RFC 7591): with or without `refresh_token`, or nothing. */
  readonly grantTypes: 'refresh' | 'code-only' | 'omitted';
  /** How SDK v2 finds the protocol revision: `initialize` (2025-11-25), or `server/discover` first (2026-07-28). */
  readonly negotiation: 'legacy' | 'auto';
  /** How the AI SDK's transport is given the access token: as a fixed header, or by the provider that can renew it. */
  readonly credentials: 'header' | 'provider';
  /** The worker in which the client of `/chat-worker` lives. */
  readonly worker: 'shared' | 'service';
}

const key = 'chat:settings';

const oneOf = <T extends string>(value: string | null, allowed: readonly [T, ...T[]]): T =>
  allowed.find((candidate) => candidate === value) ?? allowed[0];

/**
 * Reads the settings from the address, or from this tab's storage after a sign-in replaced the query.
 *
 * @param usual where the user of this page signs in unless told otherwise
 */
export function readSettings(usual: ChatSettings['signIn'] = 'redirect'): ChatSettings {
  const query = new URLSearchParams(location.search);
  if (query.has('server')) sessionStorage.setItem(key, query.toString());
  const saved = new URLSearchParams(sessionStorage.getItem(key) ?? '');
  return {
    server: saved.get('server') ?? '',
    model: saved.get('model') ?? '',
    issuer: saved.get('issuer') ?? '',
    signIn: oneOf(saved.get('signIn'), usual === 'popup' ? ['popup', 'redirect'] : ['redirect', 'popup']),
    grantTypes: oneOf(saved.get('grantTypes'), ['refresh', 'code-only', 'omitted']),
    negotiation: oneOf(saved.get('negotiation'), ['legacy', 'auto']),
    credentials: oneOf(saved.get('credentials'), ['header', 'provider']),
    worker: oneOf(saved.get('worker'), ['shared', 'service']),
  };
}
