import { intersect, includesAll } from '../protocol/scope.ts';
import { beganAt, type GrantDraft, succeeded } from './grants.ts';
import { isSameIssuer } from './issuers.ts';
import type { Authorization, Call, Server, SessionEnd } from './model.ts';
import { serverOfResource } from './servers.ts';

/** How long after a challenge an authorization request can still answer it, milliseconds (rules.md E, W403). */
export const CHALLENGE_WINDOW = 120_000;
/** A script acts on headers before the recorder has counted the body's end, milliseconds. */
export const HEADER_LEAD = 50;

/** What binds grants to servers: the servers, and where each access token was used. */
export interface Bindings {
  readonly servers: readonly Server[];
  /** URL of the server that an access token was sent to; null when to none. */
  readonly serverOfToken: (token: string) => string | null;
}

/** The MCP server that a grant is for (rules.md B.5 step 3); null when none or several could be meant. */
export function bindServer(draft: GrantDraft, { servers, serverOfToken }: Bindings): Server | null {
  for (const resource of draft.resources) {
    const named = serverOfResource(servers, resource);
    if (named) return named;
  }
  for (const exchange of [draft.token, ...draft.refreshes]) {
    const token = exchange?.response?.accessToken ?? null;
    const url = token === null ? null : serverOfToken(token);
    const used = url === null ? undefined : servers.find((server) => server.url === url);
    if (used) return used;
  }
  if (draft.resources.length > 0) return null;
  const at = beganAt(draft);
  const naming = servers.filter((server) => server.issuers.some((issuer) => isSameIssuer(issuer, draft.issuer)));
  const challenged = servers.filter(
    (server) =>
      (naming.includes(server) || server.metadata.length === 0) &&
      server.refused.some((call) => answersBefore(call, at)),
  );
  if (challenged.length === 1) return challenged[0] ?? null;
  return challenged.length === 0 && naming.length === 1 ? (naming[0] ?? null) : null;
}

/** Whether a refusal can have caused what began at `at`. */
export function answersBefore(call: Call, at: number): boolean {
  const { sent, answered } = call.exchange;
  return sent < at && answered - HEADER_LEAD <= at && at - answered <= CHALLENGE_WINDOW;
}

/** Whether a grant begins a chain of its own after `before` (guard G13): log-out, another account. */
export function startsAnew(before: GrantDraft, draft: GrantDraft, ends: readonly SessionEnd[]): boolean {
  const prompt = draft.authorization?.request.prompt ?? [];
  if (prompt.includes('select_account') || prompt.includes('login')) return true;
  const hint = draft.authorization?.request.loginHint ?? null;
  if (hint !== null && hint !== (before.authorization?.request.loginHint ?? null)) return true;
  const from = beganAt(before);
  const to = beganAt(draft);
  return ends.some((end) => isSameIssuer(end.issuer, draft.issuer) && end.at > from && end.at <= to);
}

export interface Cause {
  readonly cause: 'initial' | '401' | 'step-up' | 'user' | 'unknown';
  /** The deciding challenge last. */
  readonly challenges: readonly Call[];
}

/**
 * Why a grant was asked for: the challenges of its server that were still unanswered. A new token
 * answers a 401; only a grant that holds the challenged scopes, or the operation's success, answers a 403.
 */
export function findCause(draft: GrantDraft, earlier: readonly GrantDraft[], refused: readonly Call[]): Cause {
  const at = beganAt(draft);
  const pending = refused.filter((call) => answersBefore(call, at) && !isAnswered(call, earlier, at));
  const stepUps = pending.filter((call) => call.status === 403 && call.challenge?.error === 'insufficient_scope');
  const rejected = pending.filter((call) => call.status === 401 && call.credential !== null);
  const latest = [...stepUps, ...rejected].sort((one, other) => one.exchange.answered - other.exchange.answered);
  const last = latest.at(-1);
  if (last) {
    const same = last.status === 403 ? stepUps : rejected;
    return { cause: last.status === 403 ? 'step-up' : '401', challenges: decidingLast(same, draft.authorization) };
  }
  const open = pending.filter((call) => call.status === 401 && call.credential === null);
  return { cause: earlier.length === 0 || open.length > 0 ? 'initial' : 'user', challenges: open };
}

/** Several challenges: the one whose scopes the request holds decides, else the latest (rules.md A.2.1, C). */
function decidingLast(calls: readonly Call[], authorization: Authorization | null): Call[] {
  const requested = authorization?.request.scope ?? [];
  const fitting = calls.findLast((call) => includesAll(requested, call.challenge?.scope ?? []) && (call.challenge?.scope?.length ?? 0) > 0);
  const deciding = fitting ?? calls.at(-1);
  return deciding ? [...calls.filter((call) => call !== deciding), deciding] : [];
}

function isAnswered(call: Call, earlier: readonly GrantDraft[], before: number): boolean {
  const since = call.exchange.answered - HEADER_LEAD;
  const challenged = call.challenge?.scope ?? [];
  return earlier.some((draft) => {
    const issued = [draft.token, ...draft.refreshes].filter(
      (exchange) =>
        exchange !== null && succeeded(exchange) && exchange.exchange.sent >= since && exchange.exchange.answered - HEADER_LEAD <= before,
    );
    if (issued.length === 0) return false;
    if (call.status === 401) return true;
    const token = draft.token;
    if (!token || !issued.includes(token)) return false;
    const held = token.response?.scope ?? draft.authorization?.request.scope ?? [];
    return includesAll(held, challenged) || intersect(held, challenged).length === challenged.length;
  });
}
