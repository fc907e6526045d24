import type { StoryIndex } from './story-index.ts';

/** What happened to a scope at an event. */
export type ScopeState = 'offered' | 'challenged' | 'requested' | 'granted' | 'refused' | 'lost';

export type ScopeEventKind = 'offered' | 'challenge' | 'authorize' | 'token' | 'refresh';

export interface ScopeEvent {
  readonly entry: number;
  readonly kind: ScopeEventKind;
  readonly sent: number;
  readonly states: ReadonlyMap<string, ScopeState>;
}

/** Scopes down, events across, for one client at one server; ends with what the next request should ask for. */
export interface ScopeMatrix {
  readonly server: string;
  readonly issuer: string;
  readonly clientId: string | null;
  readonly scopes: readonly string[];
  readonly events: readonly ScopeEvent[];
  /** Everything asked for or challenged so far, in order of appearance. */
  readonly union: readonly string[];
}

/** One matrix for each chain of sign-ins that has a scope to show. */
export function scopeMatrices(index: StoryIndex): ScopeMatrix[] {
  return index.story.chains.flatMap((chain) => {
    const events: ScopeEvent[] = [];
    const add = (kind: ScopeEventKind, exchange: { entry: number; sent: number }, state: ScopeState, list: Scopes) => {
      if (list === null || list.length === 0) return;
      events.push({ entry: exchange.entry, kind, sent: exchange.sent, states: new Map(list.map((s) => [s, state])) });
    };
    for (const document of chain.server?.metadata ?? []) {
      add('offered', document.exchange, 'offered', document.metadata.scopesSupported);
    }
    for (const call of chain.server?.calls ?? []) {
      if (call.challenge !== null) add('challenge', call.exchange, 'challenged', call.challenge.scope);
    }
    for (const grant of chain.grants) {
      if (grant.authorization !== null) add('authorize', grant.authorization.exchange, 'requested', grant.requested);
      if (grant.token !== null) add('token', grant.token.exchange, 'granted', grant.granted);
      for (const refresh of grant.refreshes) {
        add('refresh', refresh.exchange, 'granted', refresh.response?.scope ?? null);
      }
    }
    events.sort((a, b) => a.sent - b.sent || a.entry - b.entry);
    const scopes = [...new Set(events.flatMap((event) => [...event.states.keys()]))];
    if (scopes.length === 0) return [];
    const wanted = events.filter((event) => event.kind === 'authorize' || event.kind === 'challenge');
    return {
      server: chain.server?.url ?? '',
      issuer: chain.issuer,
      clientId: chain.clientId,
      scopes,
      events: withLosses(events),
      union: [...new Set(wanted.flatMap((event) => [...event.states.keys()]))],
    };
  });
}

type Scopes = readonly string[] | null;

/** Marks what an authorization request left out that an earlier one had, and what a grant withheld. */
function withLosses(events: readonly ScopeEvent[]): ScopeEvent[] {
  const held = new Set<string>();
  let requested: ReadonlySet<string> = new Set();
  return events.map((event) => {
    const states = new Map(event.states);
    if (event.kind === 'authorize') {
      for (const scope of held) if (!states.has(scope)) states.set(scope, 'lost');
      requested = new Set(event.states.keys());
      for (const scope of requested) held.add(scope);
    }
    if (event.kind === 'token') {
      for (const scope of requested) if (!states.has(scope) && scope !== 'offline_access') states.set(scope, 'refused');
    }
    return { ...event, states };
  });
}
