import type { Exchange } from '../../../exchange/exchange.ts';
import type { Call, Grant, TokenExchange } from '../../../story/model.ts';
import { strings } from '../strings.ts';
import type { StoryIndex } from './story-index.ts';

/** One exchange in words: what it is, and what came of it. */
export interface Words {
  /** e.g. `tools/call search` */
  readonly what: string;
  /** e.g. `invalid_token`, `needs files:write`; may be empty. */
  readonly note: string;
}

/** Says what an exchange is, in the protocol's own terms. */
export function inWords(exchange: Exchange, index: StoryIndex): Words {
  const { entry } = exchange;
  const say = strings.flow;
  const call = index.calls.get(entry);
  if (call !== undefined) return callInWords(call);
  const grant = index.grants.get(entry);
  const role = index.role(entry);
  if (role === null) return { what: `${exchange.method} ${path(exchange.url)}`, note: '' };
  switch (role.kind) {
    case 'protected-resource-metadata':
      return { what: say.protectedResourceMetadata, note: scopes(say.offers, protectedScopes(index, entry)) };
    case 'authorization-server-metadata': {
      const offered = index.authorizationServerMetadata.get(entry)?.metadata.scopesSupported ?? [];
      const offline = offered.includes('offline_access') ? say.offersOffline : '';
      return { what: say.authorizationServerMetadata, note: offline };
    }
    case 'registration': {
      const registered = index.registrations.get(entry);
      const grants = (registered?.response ?? registered?.request)?.grantTypes ?? null;
      return { what: say.register, note: grants === null ? '' : say.grants(grants) };
    }
    case 'authorization-request':
      return { what: say.authorize, note: grant?.requested ? scopes(say.scope, grant.requested) : say.noScope };
    case 'authorization-response':
      return responseInWords(grant);
    case 'token-request':
    case 'refresh': {
      const request = index.tokenExchanges.get(entry);
      const what = role.kind === 'refresh' ? say.refresh : say.token;
      return { what, note: request === undefined ? '' : issued(request, role.kind === 'refresh') };
    }
    case 'model':
      return { what: say.model, note: path(exchange.url) };
    default:
      return { what: say.roles[role.kind] ?? role.kind, note: path(exchange.url) };
  }
}

function callInWords(call: Call): Words {
  const say = strings.flow;
  const [first] = call.requests;
  let what: string = say.answerToServer;
  if (call.tool !== null) what = `tools/call ${call.tool.name}`;
  else if (first !== undefined) what = first.method;
  else if (call.operation === 'GET') what = say.eventStream;
  else if (call.operation === 'DELETE') what = say.endSession;
  if (call.requests.length > 1) what += say.more(call.requests.length - 1);
  const notes: string[] = [];
  const { challenge } = call;
  if (challenge?.error) notes.push(challenge.error);
  if (challenge?.scope) notes.push(scopes(say.needs, challenge.scope));
  if (call.status === 401 && call.credential === null) notes.push(say.noToken);
  const failed = call.responses.find((response) => response.error !== null)?.error;
  if (failed) notes.push(failed.message);
  if (call.status === 0) notes.push(call.exchange.error ?? say.noResponse);
  return { what, note: notes.join(' · ') };
}

function responseInWords(grant: Grant | undefined): Words {
  const say = strings.flow;
  const response = grant?.callback?.response;
  if (response === undefined) return { what: say.codeReturned, note: '' };
  if (response.error !== null) return { what: say.authorizationRefused, note: response.error };
  const asked = grant?.authorization?.request.state ?? null;
  if (asked === null) return { what: say.codeReturned, note: '' };
  return { what: say.codeReturned, note: asked === response.state ? say.stateMatches : say.stateDiffers };
}

function issued({ request, response }: TokenExchange, refresh: boolean): string {
  const say = strings.flow;
  const grantType = refresh ? '' : `${request.grantType ?? ''} `;
  if (response === null) return grantType.trim();
  if (response.error !== null) return `${grantType}→ ${response.error}`;
  const parts = [
    response.accessToken === null ? null : say.access,
    response.refreshToken === null ? (refresh ? null : say.noRefresh) : say.refreshIssued,
  ];
  const list = parts.filter((part) => part !== null).join(', ');
  return `${grantType}→ ${list}${response.scope === null ? '' : ` · ${response.scope.join(' ')}`}`;
}

function protectedScopes(index: StoryIndex, entry: number): readonly string[] {
  return index.serverMetadata.get(entry)?.metadata.scopesSupported ?? [];
}

function scopes(word: string, list: readonly string[]): string {
  return list.length === 0 ? '' : `${word} ${list.join(' ')}`;
}

/** Path of a URL, or the URL itself where it has none. */
export function path(url: string): string {
  const scheme = url.indexOf('://');
  const slash = scheme < 0 ? -1 : url.indexOf('/', scheme + 3);
  if (slash < 0) return url;
  const ends = [url.indexOf('?', slash), url.indexOf('#', slash)].filter((at) => at >= 0);
  return url.slice(slash, Math.min(url.length, ...ends));
}

/** Host (with port) of a URL, as written. */
export function host(url: string): string {
  const scheme = url.indexOf('://');
  if (scheme < 0) return url;
  const rest = url.slice(scheme + 3);
  let end = 0;
  while (end < rest.length && !'/?#'.includes(rest.charAt(end))) end += 1;
  return rest.slice(0, end);
}

/** The query has its own table and holds secrets; the whole address stands in the raw view. */
export function withoutQuery(url: string): string {
  return url.split('#', 1)[0]?.split('?', 1)[0] ?? url;
}
