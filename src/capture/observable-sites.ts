import { header } from '../exchange/exchange.ts';
import type { Analysis } from '../report/analysis.ts';

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
  const found = new Set<string>();
  for (const [entry, { kind }] of story.roles) {
    const exchange = exchanges[entry];
    if (kind === 'mcp') {
      const origin = exchange === undefined ? null : header(exchange.request.headers, 'origin');
      if (origin !== null && originOf(origin) === origin) found.add(origin);
    } else if (kind === 'authorization-request' || kind === 'authorization-page' || kind === 'token-request') {
      forbid(exchange?.url);
    }
  }
  return { observable: [...found].filter((origin) => !forbidden.has(origin)), forbidden };
}

function originOf(url: string): string | null {
  try {
    const { origin, protocol } = new URL(url);
    return protocol === 'https:' || protocol === 'http:' ? origin : null;
  } catch {
    return null;
  }
}
