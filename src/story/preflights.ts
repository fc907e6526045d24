import { type Exchange, header } from '../exchange/exchange.ts';
import { readPlace } from '../protocol/url.ts';
import type { Call, Server, ServerPreflight } from './model.ts';
import { bySent, firstFrom, inTimeOrder, Sorted } from './order.ts';

/** Recorders start a preflight's clock on either side of its request's, milliseconds. */
const WINDOW = 1000;

interface Filed {
  readonly refused: Sorted<Exchange>;
  /** The earliest that went through. */
  allowed: Exchange | null;
}

/**
 * CORS preflights by the endpoint they were sent to: those that were refused, and the first that was
 * not, for a page may send one with every call. Which endpoints are MCP servers is known later.
 */
export class ServerPreflights {
  readonly #byEndpoint = new Map<string, Filed>();

  add(preflight: Exchange): void {
    const endpoint = readPlace(preflight.url)?.endpoint;
    if (endpoint === undefined) return;
    const filed = this.#byEndpoint.get(endpoint) ?? { refused: new Sorted(inTimeOrder), allowed: null };
    this.#byEndpoint.set(endpoint, filed);
    if (refusalOf(preflight).refused !== null) filed.refused.add(preflight);
    else if (!filed.allowed || inTimeOrder(preflight, filed.allowed) < 0) filed.allowed = preflight;
  }

  /** Preflights of calls to these servers, in time order. */
  of(servers: readonly Server[]): ServerPreflight[] {
    const found: ServerPreflight[] = [];
    for (const server of servers) {
      const filed = this.#byEndpoint.get(server.url);
      if (!filed) continue;
      for (const exchange of filed.allowed ? [...filed.refused.items, filed.allowed] : filed.refused.items)
        found.push({ exchange, server, ...refusalOf(exchange), call: callOf(exchange, server) });
    }
    return found.sort(bySent);
  }
}

/** Whether a preflight was refused (Fetch standard, CORS-preflight fetch); one without an answer was not. */
function refusalOf({ request, response }: Exchange): Pick<ServerPreflight, 'refused' | 'disallowed'> {
  if (response.status === 0 || response.headers.length === 0) return { refused: null, disallowed: [] };
  if (response.status < 200 || response.status >= 300) return { refused: 'status', disallowed: [] };
  const allowed = new Set(names(header(response.headers, 'access-control-allow-headers')));
  const asked = names(header(request.headers, 'access-control-request-headers'));
  // `*` covers every name but `authorization`.
  const disallowed = asked.filter((name) => !allowed.has(name) && (name === 'authorization' || !allowed.has('*')));
  return { refused: disallowed.length > 0 ? 'headers' : null, disallowed };
}

function names(list: string | null): string[] {
  return (list ?? '').split(',').flatMap((name) => name.trim().toLowerCase() || []);
}

/** The call nearest in time of the method that the preflight asks for. */
function callOf({ request, sent, answered, url }: Exchange, server: Server): Call | null {
  const method = header(request.headers, 'access-control-request-method');
  let nearest: Call | null = null;
  for (let index = firstFrom(server.calls, sent - WINDOW); index < server.calls.length; index += 1) {
    const call = server.calls[index];
    if (!call || call.exchange.sent > answered + WINDOW) break;
    if (call.exchange.method !== method || call.exchange.url !== url) continue;
    if (!nearest || Math.abs(call.exchange.sent - sent) < Math.abs(nearest.exchange.sent - sent)) nearest = call;
  }
  return nearest;
}
