import { type Exchange, header } from '../exchange/exchange.ts';
import type { Analysis } from '../report/analysis.ts';
import { type Walk, walked } from '../story/walk.ts';

/** Origins of a session's pages, and which of them the observer must keep away from. */
export interface Sites {
  /** Origins whose script spoke to MCP servers, in the order they appeared; those of authorization servers are not among them. */
  readonly observable: readonly string[];
  /** Origins where users sign in: the observer never runs there. */
  readonly forbidden: ReadonlySet<string>;
}

/** Where the observer may be asked to run, by this session's own traffic. */
export function sitesOf({ result, story, exchanges }: Analysis): Sites {
  const forbidden = new Set<string>();
  const forbid = (url: string | undefined): void => {
    const origin = url === undefined ? null : originOf(url);
    if (origin !== null) forbidden.add(origin);
  };
  for (const { issuer } of result.story.authorizationServers) forbid(issuer);
  const found = new Map<string, number>();
  for (const server of story.servers) for (const [origin, entry] of walked(server, callers)) note(found, origin, entry);
  for (const [entry, { kind }] of story.rolesBesideCalls) {
    const exchange = exchanges[entry];
    if (kind === 'mcp') noteCaller(found, exchange);
    else if (kind === 'authorization-request' || kind === 'authorization-page' || kind === 'token-request') {
      forbid(exchange?.url);
    }
  }
  const inOrder = [...found].toSorted(([, one], [, other]) => one - other).map(([origin]) => origin);
  return { observable: inOrder.filter((origin) => !forbidden.has(origin)), forbidden };
}

/** The pages' origins by the first entry of each, gathered call by call as the session grows. */
const callers: Walk<Map<string, number>> = {
  begin: () => new Map(),
  take: (found, { exchange }) => noteCaller(found, exchange),
};

function noteCaller(found: Map<string, number>, exchange: Exchange | undefined): void {
  const origin = exchange === undefined ? null : header(exchange.request.headers, 'origin');
  if (exchange === undefined || origin === null) return;
  // Known ones are not read again: a long session names the same page a hundred thousand times.
  if (found.has(origin) || originOf(origin) === origin) note(found, origin, exchange.entry);
}

function note(found: Map<string, number>, origin: string, entry: number): void {
  const known = found.get(origin);
  if (known === undefined || entry < known) found.set(origin, entry);
}

function originOf(url: string): string | null {
  try {
    const { origin, protocol } = new URL(url);
    return protocol === 'https:' || protocol === 'http:' ? origin : null;
  } catch {
    return null;
  }
}
