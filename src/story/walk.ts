import type { Call, Server } from './model.ts';

/**
 * What can be gathered from a server's calls by taking them one after the other, in time order. It must follow
 * from the calls alone, for it outlives the story: a later story of the same session goes on where this one ended.
 */
export interface Walk<T> {
  begin(): T;
  /** Adds a call to what was gathered from those before it. */
  take(gathered: T, call: Call): void;
}

interface Progress {
  gathered: unknown;
  taken: number;
  last: Call | undefined;
}

/** By the array of calls, which is the same for every story of a session as long as calls are only added. */
const known = new WeakMap<readonly Call[], Map<Walk<unknown>, Progress>>();

/**
 * Takes a walk over all calls of a server; what it gathered is not to be changed. Each call is taken once per session, however often the
 * session is judged; only a call that arrives late, to stand between others, makes the walk begin anew.
 */
export function walked<T>({ calls }: Pick<Server, 'calls'>, walk: Walk<T>): T {
  const walks = known.get(calls) ?? new Map<Walk<unknown>, Progress>();
  known.set(calls, walks);
  let progress = walks.get(walk as Walk<unknown>);
  if (!progress || calls[progress.taken - 1] !== progress.last) {
    progress = { gathered: walk.begin(), taken: 0, last: undefined };
    walks.set(walk as Walk<unknown>, progress);
  }
  const gathered = progress.gathered as T;
  for (; progress.taken < calls.length; progress.taken += 1) {
    const call = calls[progress.taken];
    if (!call) break;
    walk.take(gathered, call);
    progress.last = call;
  }
  return gathered;
}

/** The walk that gathers the calls of one kind. */
export function those(is: (call: Call) => boolean): Walk<Call[]> {
  return {
    begin: () => [],
    take(gathered, call) {
      if (is(call)) gathered.push(call);
    },
  };
}
