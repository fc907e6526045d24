import type { Exchange } from '../../../exchange/exchange.ts';
import { host } from './words.ts';

/** What went on in place of MCP traffic, for a person who wonders why nothing is shown. */
export interface SeenInstead {
  /** Hosts with their exchanges, busiest first. */
  readonly hosts: readonly (readonly [host: string, count: number])[];
  /** Hosts beyond those listed. */
  readonly otherHosts: number;
  /** Requests that sent or received JSON: what an API looks like. */
  readonly json: number;
  /** Requests with an Authorization header. */
  readonly authorized: number;
}

const mostHosts = 5;

/** Sums up exchanges, at most the last `most`. */
export function seenInstead(exchanges: readonly Exchange[], most = 5000): SeenInstead {
  const hosts = new Map<string, number>();
  let json = 0;
  let authorized = 0;
  for (const { url, request, response } of exchanges.slice(-most)) {
    const name = host(url);
    hosts.set(name, (hosts.get(name) ?? 0) + 1);
    if (response.body.mimeType.endsWith('json') || request.body.mimeType.endsWith('json')) json += 1;
    if (request.headers.some((field) => field.name.toLowerCase() === 'authorization')) authorized += 1;
  }
  const list = [...hosts].toSorted(([, one], [, other]) => other - one);
  return { hosts: list.slice(0, mostHosts), otherHosts: Math.max(0, list.length - mostHosts), json, authorized };
}
