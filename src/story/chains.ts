import { includesAll } from '../protocol/scope.ts';
import { beganAt, type GrantDraft, isMachineGrant } from './grants.ts';
import { HEADER_LEAD, heededFrom } from './heeded.ts';
import { isSameIssuer } from './issuers.ts';
import type { Authorization, Call, Server, SessionEnd, TokenExchange } from './model.ts';
import { firstFrom, inTimeOrder, Sorted } from './order.ts';
import { nextSuccess } from './queries.ts';
import type { Resources } from './resources.ts';
import { endedBetween } from './session-ends.ts';
import { isSuccess } from './token-answers.ts';

/** How long after a challenge an authorization request can still answer it, milliseconds (rules.md E, W403). */
const CHALLENGE_WINDOW = 120_000;

/** Of a flood of challenges the latest are enough to tell a cause. */
const MOST_PENDING = 100;
/** Of the tokens issued after a challenge the latest are enough to tell whether it was answered. */
const MOST_ISSUED = 50;

/** What binds grants to servers: the servers, and where each access token was used. */
export interface Bindings {
  readonly servers: readonly Server[];
  readonly resources: Resources;
  /** URL of the server that an access token was sent to first; null when to none. */
  readonly serverOfToken: (token: string) => string | null;
  /** Refusals of a server that can have caused what began at a time, milliseconds since the epoch. */
  readonly refusedBefore: (server: Server, at: number) => readonly Call[];
}

/** The MCP server that a grant is for (rules.md B.5 step 3); null when none or several could be meant: rules say nothing of it (guard G21). */
export function bindServer(
  draft: GrantDraft,
  { servers, resources, serverOfToken, refusedBefore }: Bindings,
): Server | null {
  for (const resource of draft.resources) {
    const named = resources.named(resource);
    if (named) return named;
  }
  for (const exchange of [draft.token, ...draft.refreshes]) {
    const token = exchange?.response?.accessToken ?? null;
    const url = token === null ? null : serverOfToken(token);
    const used = url === null ? null : resources.at(url);
    if (used) return used;
  }
  if (draft.resources.length > 0) return null;
  const at = beganAt(draft);
  const naming = new Set(
    servers.filter((server) => server.issuers.some((issuer) => isSameIssuer(issuer, draft.issuer))),
  );
  const challenged = servers.filter(
    (server) => (naming.has(server) || server.metadata.length === 0) && refusedBefore(server, at).length > 0,
  );
  if (challenged.length === 1) return challenged[0] ?? null;
  const [only] = naming;
  return challenged.length === 0 && naming.size === 1 ? (only ?? null) : null;
}

/** When refusals end, that can have caused what began at `at`: both times included, and the most that are looked at. */
export function challengeWindow(at: number): readonly [from: number, to: number, most: number] {
  return [at - CHALLENGE_WINDOW, at + HEADER_LEAD, MOST_PENDING];
}

/** Whether a grant begins a chain of its own after `before` (guard G13): log-out, another account. */
export function startsAnew(
  before: GrantDraft,
  draft: GrantDraft,
  server: Server | null,
  ends: readonly SessionEnd[],
): boolean {
  const prompt = draft.authorization?.request.prompt ?? [];
  if (prompt.includes('select_account') || prompt.includes('login')) return true;
  const hint = draft.authorization?.request.loginHint ?? null;
  if (hint !== null && hint !== (before.authorization?.request.loginHint ?? null)) return true;
  const from = beganAt(before);
  const to = beganAt(draft);
  return endedBetween(ends, { issuer: draft.issuer, server: server?.url ?? null }, from, to);
}

export interface Cause {
  readonly cause: 'initial' | '401' | 'step-up' | 'user' | 'unknown';
  /** The deciding challenge last. */
  readonly challenges: readonly Call[];
}

/** The tokens that a chain got so far, by the time they were asked for. */
export class IssuedTokens {
  readonly #answers = new Sorted<TokenExchange>((one, other) => inTimeOrder(one.exchange, other.exchange));
  readonly #requested = new Map<TokenExchange, readonly string[]>();

  add({ authorization, token, refreshes }: GrantDraft): void {
    for (const answer of token ? [token, ...refreshes] : refreshes) if (isSuccess(answer)) this.#answers.add(answer);
    if (token) this.#requested.set(token, authorization?.request.scope ?? []);
  }

  /** Whether a challenge was answered before `at`: a 401 by any new token, a 403 by a grant of the challenged scopes. */
  answered(call: Call, at: number): boolean {
    const since = heededFrom(call.exchange);
    const all = this.#answers.items;
    const from = firstFrom(all, since);
    const later = all.slice(call.status === 401 ? from : Math.max(from, all.length - MOST_ISSUED));
    const challenged = call.challenge?.scope ?? [];
    return later.some((answer) => {
      if (heededFrom(answer.exchange) > at) return false;
      if (call.status === 401) return true;
      const requested = this.#requested.get(answer);
      return requested !== undefined && includesAll(answer.response?.scope ?? requested, challenged);
    });
  }
}

/**
 * Why a grant was asked for: the challenges of its server that were still unanswered (`pending` are those in
 * time to be its cause). A new token answers a 401; only a grant that holds the challenged scopes, or the
 * operation's success, answers a 403, and a client that signed out gave it up. A program's own grant accuses nobody, and a refresh without the
 * authorization before it is none: their cause is unknown.
 */
export function findCause(
  draft: GrantDraft,
  isFirst: boolean,
  issued: IssuedTokens,
  server: Server | null,
  refused: readonly Call[],
): Cause {
  if (isMachineGrant(draft) || (!draft.authorization && !draft.token)) return { cause: 'unknown', challenges: [] };
  const at = beganAt(draft);
  const pending = refused.filter(
    (call) => call.exchange.sent < at && !issued.answered(call, at) && !succeededSince(server, call, at),
  );
  const open = pending.filter((call) => call.status === 401 && call.credential === null);
  const stepUps = pending.filter(
    (call) =>
      call.status === 403 &&
      call.challenge?.error === 'insufficient_scope' &&
      !isGivenUp(call, open, draft.authorization),
  );
  const rejected = pending.filter((call) => call.status === 401 && call.credential !== null);
  const latest = [...stepUps, ...rejected].sort((one, other) => one.exchange.answered - other.exchange.answered);
  const last = latest.at(-1);
  if (last) {
    const same = last.status === 403 ? stepUps : rejected;
    return { cause: last.status === 403 ? 'step-up' : '401', challenges: decidingLast(same, draft.authorization) };
  }
  return { cause: isFirst || open.length > 0 ? 'initial' : 'user', challenges: open };
}

/** A client that came back without its token has signed out: what it asks for then is for the newer challenge. */
function isGivenUp(call: Call, open: readonly Call[], authorization: Authorization | null): boolean {
  const challenged = call.challenge?.scope ?? [];
  if (authorization && challenged.length > 0 && includesAll(authorization.request.scope ?? [], challenged))
    return false;
  return open.some((later) => later.scheme === 'none' && later.exchange.sent > call.exchange.answered);
}

function succeededSince(server: Server | null, call: Call, at: number): boolean {
  if (!server || call.status !== 403) return false;
  const success = nextSuccess(server, call, heededFrom(call.exchange));
  return success !== null && success.exchange.answered <= at;
}

/** Several challenges: the one whose scopes the request holds decides, else the latest (rules.md A.2.1, C). */
function decidingLast(calls: readonly Call[], authorization: Authorization | null): Call[] {
  const requested = authorization?.request.scope ?? [];
  const fitting = calls.findLast(
    (call) => includesAll(requested, call.challenge?.scope ?? []) && (call.challenge?.scope?.length ?? 0) > 0,
  );
  const deciding = fitting ?? calls.at(-1);
  return deciding ? [...calls.filter((call) => call !== deciding), deciding] : [];
}
