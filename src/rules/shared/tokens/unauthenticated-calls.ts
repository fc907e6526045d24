import { header } from '../../../exchange/exchange.ts';
import { isAccepted } from '../../../story/answers.ts';
import { opensSession } from '../../../story/lazy-authorization.ts';
import type { Call, Server, Story, Token } from '../../../story/model.ts';
import { firstAfter } from '../../../story/order.ts';
import { endedBetween } from '../../../story/session-ends.ts';
import { type Walk, walked } from '../../../story/walk.ts';
import { callsByCredential } from './carried-tokens.ts';

/** A call without a credential, and the last one before it whose token the server had accepted. */
export interface Unauthenticated {
  readonly call: Call;
  readonly accepted: Call;
}

export interface Audit {
  /** The first call with a credential; null when there is none. */
  readonly carried: Call | null;
  /** The first after it whose request headers were not recorded. */
  readonly unseen: Call | null;
  /** Sent without the token although the client held it: it used it before and after. */
  readonly missing: readonly Unauthenticated[];
  /** Sent without it, and nothing later shows that the client still had it. */
  readonly doubtful: readonly Unauthenticated[];
}

/** A token that is about to run out is none to rely on, milliseconds. */
const EXPIRY_MARGIN = 60_000;

/** Finds the calls of a server that lack the token in the client's hand. */
export function unauthenticatedCalls(story: Story, server: Server): Audit {
  const { carried, unseen, bare } = walked(server, bareCalls);
  const hand = new Hand(story, server);
  const lacking = bare.filter(({ call, accepted }) => hand.isUsable(accepted, call));
  return {
    carried,
    unseen,
    missing: lacking.filter(({ call, accepted }) => hand.isHeldAfter(accepted, call)),
    doubtful: lacking.filter(({ call, accepted }) => !hand.isHeldAfter(accepted, call)),
  };
}

/** Calls without a credential that nothing in the calls themselves excuses. */
const bareCalls: Walk<Bare> = { begin: () => new Bare(), take: (bare, call) => bare.take(call) };

class Bare {
  carried: Call | null = null;
  unseen: Call | null = null;
  readonly bare: Unauthenticated[] = [];
  /** Accepted calls whose answers may not have ended yet. */
  #young: Call[] = [];
  /** So many young calls are looked through for ripe ones. */
  #many = 64;
  /** The accepted call that was answered last. */
  #accepted: Call | null = null;
  /** When a token was refused last. */
  readonly #refused = new Map<string, number>();
  /** Where answers of the server sent the user agent: a redirect to another origin loses the header. */
  readonly #redirects = new Set<string>();
  /** When a client without a token began a session. */
  #opened = Number.NEGATIVE_INFINITY;

  take(call: Call): void {
    const { credential, exchange } = call;
    if (exchange.response.location !== null) this.#redirects.add(exchange.response.location);
    if (credential !== null) {
      this.carried ??= call;
      if (isAccepted(call)) this.#ripenWith(call);
      else if (call.status === 401 || call.status === 403) this.#refused.set(credential, exchange.sent);
      return;
    }
    if (call.scheme === 'unknown' && this.carried && isJudged(call)) this.unseen ??= call;
    if (call.scheme !== 'none') return;
    if (opensSession(call)) this.#opened = exchange.sent;
    else if (isJudged(call)) this.#note(call);
  }

  #note(call: Call): void {
    this.#ripen(call.exchange.sent);
    const accepted = this.#accepted;
    if (!accepted || this.#isExcused(accepted, call)) return;
    const refused = this.#refused.get(accepted.credential ?? '') ?? Number.NEGATIVE_INFINITY;
    if (refused < accepted.exchange.sent) this.bare.push({ call, accepted });
  }

  /** Calls come by the time they were sent: what had been answered by then is ripe. */
  #ripenWith(call: Call): void {
    if (this.#young.length >= this.#many) {
      this.#ripen(call.exchange.sent);
      this.#many = Math.max(64, 2 * this.#young.length);
    }
    this.#young.push(call);
  }

  #ripen(time: number): void {
    const young: Call[] = [];
    for (const call of this.#young) {
      if (call.exchange.answered > time) young.push(call);
      else if (!this.#accepted || this.#accepted.exchange.answered <= call.exchange.answered) this.#accepted = call;
    }
    this.#young = young;
  }

  /** Another tab, another session, a redirect, a proxy that adds the token, or a token that travels otherwise. */
  #isExcused(accepted: Call, { exchange }: Call): boolean {
    const before = accepted.exchange;
    const page = exchange.page !== null && before.page !== null && exchange.page !== before.page;
    const session = sessionOf(exchange.request.headers);
    const other = session !== null && session !== sessionOf(before.request.headers);
    const restarted = session === null && this.#opened > before.sent;
    const wrapped = (exchange.envelope === null) !== (before.envelope === null);
    const value = accepted.credential ?? '';
    const elsewhere =
      exchange.url.includes(value) || exchange.request.headers.some((field) => field.value.includes(value));
    return page || other || restarted || wrapped || elsewhere || this.#redirects.has(exchange.url);
  }
}

/** What the story knows of the tokens in the client's hand. */
class Hand {
  readonly #story: Story;
  readonly #server: Server;
  readonly #tokens: ReadonlyMap<string, Token>;
  /** When authorization requests for the server were sent, ascending. */
  readonly #authorizations: readonly number[];

  constructor(story: Story, server: Server) {
    this.#story = story;
    this.#server = server;
    this.#tokens = new Map(story.tokens.map((token) => [token.value, token]));
    this.#authorizations = story.grants
      .flatMap((grant) => (grant.server === server && grant.authorization ? [grant.authorization.exchange.sent] : []))
      .sort((one, other) => one - other);
  }

  /** The token was neither about to run out, nor given up for another sign-in. */
  isUsable({ credential, exchange }: Call, call: Call): boolean {
    const { sent } = call.exchange;
    const expires = this.#tokens.get(credential ?? '')?.expiresAt ?? null;
    if (expires !== null && expires - EXPIRY_MARGIN <= sent) return false;
    if (endedBetween(this.#story.sessionEnds, { issuer: null, server: this.#server.url }, exchange.sent, sent))
      return false;
    const next = this.#authorizations[firstAfter(this.#authorizations, exchange.sent, (at) => at)];
    return next === undefined || next > sent;
  }

  /** The same token, or its refresh token, was used after the call. */
  isHeldAfter({ credential }: Call, call: Call): boolean {
    const { sent } = call.exchange;
    const last = callsByCredential(this.#server)
      .get(credential ?? '')
      ?.at(-1);
    if (last && last.exchange.sent > sent) return true;
    const grant = this.#tokens.get(credential ?? '')?.grant ?? null;
    return grant?.refreshes.some(({ exchange }) => exchange.sent > sent) ?? false;
  }
}

/** A request of the protocol that waits for an answer; health checks and notifications (sent by beacon at a page's end) are none. */
function isJudged({ exchange, operation, status }: Call): boolean {
  if (status === 0 || exchange.fromCache || operation === null) return false;
  if (exchange.method === 'POST') return true;
  if (exchange.method === 'GET')
    return (header(exchange.request.headers, 'accept') ?? '').includes('text/event-stream');
  return exchange.method === 'DELETE' && sessionOf(exchange.request.headers) !== null;
}

function sessionOf(headers: Call['exchange']['request']['headers']): string | null {
  return header(headers, 'mcp-session-id');
}
