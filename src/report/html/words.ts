import type { Exchange } from '../../exchange/exchange.ts';
import type { Call, Grant, Role, Story, TokenExchange } from '../../story/model.ts';
import { roleWords } from '../har.ts';
import { visibleLine } from '../text.ts';

/** An exchange's request in a few words: `tools/call search`, `authorize files:read`. */
export function requestWords(exchange: Exchange, role: Role | null, story: Story): string {
  const grant = grantOf(role, story);
  switch (role?.kind) {
    case 'mcp': {
      const call = callOf(exchange, story);
      const method = call?.requests.map((request) => request.method).join(', ') ?? '';
      const name = method === '' ? exchange.method : method;
      return line(call?.tool === null || call?.tool === undefined ? name : `${name} ${call.tool.name}`);
    }
    case 'authorization-request':
      return line(
        `authorize ${grant?.authorization?.exchange.entry === exchange.entry ? (grant.requested?.join(' ') ?? 'without scope') : ''}`,
      );
    case 'token-request':
      return 'code for token';
    case 'refresh':
      return 'refresh token for token';
    case undefined:
      return line(`${exchange.method} ${pathOf(exchange.url)}`);
    default:
      return line(
        `${roleWords[role?.kind ?? 'mcp'].toLowerCase()}${exchange.method === 'GET' ? '' : ` (${exchange.method})`}`,
      );
  }
}

/** An exchange's answer in a few words: `403 insufficient_scope files:write`. */
export function answerWords(exchange: Exchange, role: Role | null, story: Story): string {
  const { status } = exchange.response;
  if (status === 0) return line(`no answer${exchange.error === null ? '' : `: ${exchange.error}`}`);
  const grant = grantOf(role, story);
  if (role?.kind === 'mcp') {
    const challenge = callOf(exchange, story)?.challenge ?? null;
    return line(
      [status, challenge?.error, challenge?.scope?.join(' ')]
        .filter((word) => word !== null && word !== undefined)
        .join(' '),
    );
  }
  const token = tokenExchange(exchange, grant);
  if (token?.response) {
    const { response } = token;
    const got = [
      ...(response.error === null ? [] : [response.error]),
      ...(response.accessToken === null ? [] : ['access token']),
      ...(response.refreshToken === null ? [] : ['refresh token']),
    ];
    const scope = response.scope === null ? '' : ` for ${response.scope.join(' ')}`;
    return line(`${status} ${got.join(' and ')}${scope}`);
  }
  if (grant?.callback?.exchange.entry === exchange.entry) {
    const { response } = grant.callback;
    return line(response.error ?? (response.code === null ? `${status}` : 'code'));
  }
  return status >= 300 && status < 400 && exchange.response.location !== null
    ? line(`${status} to ${pathOf(exchange.response.location)}`)
    : line(`${status} ${exchange.response.statusText}`);
}

function line(text: string): string {
  return visibleLine(text.trim());
}

function grantOf(role: Role | null, story: Story): Grant | null {
  return role?.grant === null || role === null ? null : (story.grants.find((grant) => grant.id === role.grant) ?? null);
}

function callOf(exchange: Exchange, story: Story): Call | null {
  for (const server of story.servers) {
    const call = server.calls.find((one) => one.exchange.entry === exchange.entry);
    if (call !== undefined) return call;
  }
  return null;
}

function tokenExchange(exchange: Exchange, grant: Grant | null): TokenExchange | null {
  if (grant === null) return null;
  const all = [...(grant.token === null ? [] : [grant.token]), ...grant.refreshes];
  return all.find((one) => one.exchange.entry === exchange.entry) ?? null;
}

function pathOf(url: string): string {
  const start = url.indexOf('://');
  const rest = start < 0 ? url : url.slice(url.indexOf('/', start + 3));
  const end = rest.search(/[?#]/);
  return end < 0 ? rest : rest.slice(0, end);
}
