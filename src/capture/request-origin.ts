import { type Field, fieldOf } from './har-json.ts';

/** Methods with which `Origin` goes along only where script asks another origin, and with CORS. */
const safe = ['GET', 'HEAD'];
/** Fields that no script's request can carry to another origin without CORS (Fetch standard, "CORS-safelisted request-header"). */
const needCors = ['authorization', 'mcp-protocol-version', 'mcp-session-id', 'last-event-id'];

/**
 * The `Origin` that a script's request must have carried (Fetch standard, "append a request `Origin` header"), for a
 * browser that leaves that field out: the origin of what asked. Null where it may have carried none, or another: a GET
 * of its own origin, or one that may be without CORS. Not to be asked of what a redirect led to: its `Origin` may be `null`.
 */
export function impliedOrigin(
  { url, method }: { readonly url: string; readonly method: string },
  asker: string,
  headers: readonly Field[],
): string | null {
  if (asker === '' || fieldOf({ headers }, 'origin') !== null) return null;
  if (!safe.includes(method)) return asker;
  const isSame = URL.canParse(url) && new URL(url).origin === asker;
  return !isSame && needCors.some((name) => fieldOf({ headers }, name) !== null) ? asker : null;
}
