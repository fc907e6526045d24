import type { Exchange } from '../exchange/exchange.ts';
import { header } from '../exchange/exchange.ts';
import type { CrossOriginRequest, Role, RoleKind } from './model.ts';
import type { Reading } from './reading.ts';

/** Requests that a browser client sends by script, across origins (Fetch standard, CORS). */
const BY_SCRIPT: ReadonlySet<RoleKind> = new Set([
  'protected-resource-metadata',
  'authorization-server-metadata',
  'registration',
  'token-request',
  'refresh',
]);

/** Discovery, registration and token requests to another origin than the page's, with their preflights. */
export function findCrossOrigin(
  roles: ReadonlyMap<number, Role>,
  readingOf: (entry: number) => Reading | null,
  preflights: readonly Exchange[],
): CrossOriginRequest[] {
  const found: CrossOriginRequest[] = [];
  for (const [entry, { kind }] of roles) {
    const reading = BY_SCRIPT.has(kind) ? readingOf(entry) : null;
    if (!reading || reading.exchange.envelope) continue;
    const origin = pageOrigin(reading.exchange);
    if (origin === null || origin === reading.target.origin) continue;
    found.push({ exchange: reading.exchange, kind, origin, preflight: preflightOf(reading.exchange, preflights) });
  }
  return found.sort((one, other) => one.exchange.sent - other.exchange.sent);
}

/** The page's origin: `Origin`, else `Referer`'s (a blocked request is recorded without `Origin`). */
function pageOrigin(exchange: Exchange): string | null {
  const origin = header(exchange.request.headers, 'origin');
  if (origin !== null) return origin === 'null' ? null : origin;
  const referer = header(exchange.request.headers, 'referer');
  try {
    return referer === null ? null : new URL(referer).origin;
  } catch {
    return null;
  }
}

/** Recorders start a preflight's clock on either side of its request's. */
const PREFLIGHT_WINDOW = 1000;

function preflightOf(exchange: Exchange, preflights: readonly Exchange[]): Exchange | null {
  const near = preflights.filter(
    (preflight) =>
      preflight.url === exchange.url &&
      header(preflight.request.headers, 'access-control-request-method') === exchange.method &&
      Math.abs(preflight.sent - exchange.sent) < PREFLIGHT_WINDOW,
  );
  return near.sort((one, other) => Math.abs(one.sent - exchange.sent) - Math.abs(other.sent - exchange.sent))[0] ?? null;
}
