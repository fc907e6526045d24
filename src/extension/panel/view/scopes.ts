import type { Exchange } from '../../../exchange/exchange.ts';
import type { Call, Chain, Token } from '../../../story/model.ts';
import type { StoryIndex } from './story-index.ts';

/** What happened to a scope at an event. */
export type ScopeState = 'offered' | 'challenged' | 'requested' | 'granted' | 'used' | 'refused' | 'lost';

export type ScopeEventKind = 'offered' | 'challenge' | 'authorize' | 'token' | 'refresh' | 'use';

/** One thing that happened to scopes, or several alike in a row. */
export interface ScopeEvent {
  /** The first of them. */
  readonly entry: number;
  readonly kind: ScopeEventKind;
  /** HTTP status of a challenge; 0 for other kinds. */
  readonly status: number;
  readonly times: number;
  readonly states: ReadonlyMap<string, ScopeState>;
  /** Scopes of the access token at hand afterwards. */
  readonly held: ReadonlySet<string>;
}

/** An authorization request that left out what was asked for before, or challenged. */
export interface ScopeLoss {
  readonly entry: number;
  readonly lost: readonly string[];
  /** What it should have requested. */
  readonly union: readonly string[];
}

/** Scopes down, events across, for one client at one server; ends with what the next request should ask for. */
export interface ScopeMatrix {
  readonly server: string;
  readonly issuer: string;
  readonly clientId: string | null;
  readonly scopes: readonly string[];
  readonly events: readonly ScopeEvent[];
  readonly losses: readonly ScopeLoss[];
  /** Everything asked for or challenged so far, in order of appearance. */
  readonly union: readonly string[];
}

/** One matrix for each chain of sign-ins that has a scope to show. */
export function scopeMatrices(index: StoryIndex): ScopeMatrix[] {
  return index.story.chains.flatMap((chain) => {
    const happened = happenings(chain, index).sort((a, b) => a.sent - b.sent || a.entry - b.entry);
    const { events, losses, wanted } = follow(happened);
    const scopes = [...new Set(events.flatMap((event) => [...event.states.keys()]))];
    if (scopes.length === 0) return [];
    return {
      server: chain.server?.url ?? '',
      issuer: chain.issuer,
      clientId: chain.clientId,
      scopes,
      events,
      losses,
      union: [...wanted],
    };
  });
}

interface Happening {
  readonly kind: ScopeEventKind;
  readonly entry: number;
  readonly sent: number;
  readonly status: number;
  readonly scopes: readonly string[];
}

function happenings(chain: Chain, { story }: StoryIndex): Happening[] {
  const found: Happening[] = [];
  const add = (kind: ScopeEventKind, { entry, sent }: Exchange, scopes: readonly string[] | null, status = 0): void => {
    if (scopes !== null && scopes.length > 0) found.push({ kind, entry, sent, status, scopes });
  };
  for (const document of chain.server?.metadata ?? []) {
    add('offered', document.exchange, document.metadata.scopesSupported);
  }
  for (const { exchange, challenge, status } of chain.server?.refused ?? []) {
    add('challenge', exchange, challenge?.scope ?? null, status);
  }
  const grants = new Set(chain.grants);
  const tokens = new Map<string, Token>();
  for (const token of story.tokens) {
    if (token.kind === 'access' && token.grant !== null && grants.has(token.grant)) tokens.set(token.value, token);
  }
  for (const { exchange, scopes } of usesOf(chain.server?.calls ?? [], tokens)) add('use', exchange, scopes);
  for (const grant of chain.grants) {
    if (grant.authorization !== null) add('authorize', grant.authorization.exchange, grant.requested);
    if (grant.token !== null) add('token', grant.token.exchange, grant.granted);
    for (const { exchange, response } of grant.refreshes) add('refresh', exchange, response?.scope ?? null);
  }
  return found;
}

/** Calls that succeeded, with the scopes of the token they carried; of calls with one token in a row, each. */
function* usesOf(calls: readonly Call[], tokens: ReadonlyMap<string, Token>) {
  for (const { exchange, credential, status } of calls) {
    if (credential === null || status < 200 || status > 299) continue;
    const token = tokens.get(credential);
    const scopes = token === undefined ? null : (token.scope ?? token.grant?.granted ?? null);
    if (scopes !== null) yield { exchange, scopes };
  }
}

const states: Readonly<Record<ScopeEventKind, ScopeState>> = {
  offered: 'offered',
  challenge: 'challenged',
  authorize: 'requested',
  token: 'granted',
  refresh: 'granted',
  use: 'used',
};

/**
 * Goes through what happened in time order: marks what a request left out that an earlier one asked for, what a
 * grant withheld, and what was held before and no longer is. What is alike in a row becomes one event.
 */
function follow(happened: readonly Happening[]) {
  const wanted = new Set<string>();
  const asked = new Set<string>();
  const losses: ScopeLoss[] = [];
  const events: ScopeEvent[] = [];
  let requested: readonly string[] = [];
  let held: ReadonlySet<string> = new Set();
  for (const { kind, entry, status, scopes } of happened) {
    const here = new Map(scopes.map((scope) => [scope, states[kind]]));
    if (kind === 'authorize') {
      const lost = [...asked].filter((scope) => !here.has(scope));
      for (const scope of lost) here.set(scope, 'lost');
      if (lost.length > 0) losses.push({ entry, lost, union: [...new Set([...wanted, ...scopes])] });
      requested = scopes;
      for (const scope of scopes) asked.add(scope);
    }
    if (kind === 'token' || kind === 'refresh') {
      // A server may grant offline_access without saying so: the refresh token says it.
      const unsaid = (scope: string): boolean => !here.has(scope) && scope !== 'offline_access';
      for (const scope of held) if (unsaid(scope)) here.set(scope, 'lost');
      if (kind === 'token') for (const scope of requested) if (unsaid(scope)) here.set(scope, 'refused');
      held = new Set(scopes);
    }
    if (kind === 'authorize' || kind === 'challenge') for (const scope of scopes) wanted.add(scope);
    const last = events.at(-1);
    if (last !== undefined && last.kind === kind && last.status === status && sameStates(last.states, here)) {
      events[events.length - 1] = { ...last, times: last.times + 1 };
    } else events.push({ entry, kind, status, times: 1, states: here, held });
  }
  return { events, losses, wanted };
}

function sameStates(one: ReadonlyMap<string, ScopeState>, other: ReadonlyMap<string, ScopeState>): boolean {
  if (one.size !== other.size) return false;
  for (const [scope, state] of one) if (other.get(scope) !== state) return false;
  return true;
}
