import type { Call } from './model.ts';

/** By these a server says that it does not know the revision, the method or a capability that was tried. */
const UNSUPPORTED = new Set([-32020, -32021, -32022, -32601]);

/**
 * Whether a refusal is the answer to a probe (guard G20): of a revision or a method that the server does not have, or by
 * a method of HTTP that it does not serve. It says nothing of what was agreed, nor of who may come in.
 */
export function isRefusedProbe(call: Call): boolean {
  const { exchange, requests, status } = call;
  if (exchange.response.body.text.includes('-32') && saysUnsupported(call)) return true;
  if (status !== 400 && status !== 404 && status !== 405) return false;
  return exchange.method !== 'POST' || requests[0]?.method === 'server/discover';
}

function saysUnsupported({ responses }: Call): boolean {
  return responses.some(({ error }) => UNSUPPORTED.has(error?.code ?? 0));
}
