import { heededFrom, isHeeded } from '../../story/heeded.ts';
import { endsWithin } from '../../story/log-end.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import { attemptsAfter, nextSuccess } from '../../story/queries.ts';
import { isDefiniteRefusal, isSuccess } from '../../story/token-answers.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { refusalOf } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { span } from '../shared/evidence/words.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp } from '../shared/spec/links.ts';

/** A call that is answered 401 again and again is given up after a few times. */
export const rule = defineRule({
  id: 'auth-retry-limit',
  title: 'A refused call repeated without end',
  party: 'client',
  level: 'warning',
  since: '2025-11-25',
  spec: [mcp('2026-07-28', 'step-up-authorization-flow'), mcp('2025-11-25', 'step-up-authorization-flow')],
  fix: 'Repeat a refused call once with a new token, then report the refusal.',
  *judge(story) {
    const events = happenings(story);
    for (const server of story.servers) {
      const runs = new Map<string, Call[]>();
      for (const call of server.refused) {
        // Streams reconnect by themselves, with a delay that grows.
        if (call.status !== 401 || call.operation === null || call.exchange.method !== 'POST') continue;
        const key = `${call.exchange.page ?? ''} ${call.operation}`;
        const run = runs.get(key) ?? [];
        const last = run.at(-1);
        if (last && !isHeeded(last.exchange, call.exchange.sent)) continue;
        if (!counts(call, last, events)) continue;
        const goesOn = last !== undefined && !events.isInterrupted(last, call) && !succeeded(server, last, call);
        if (!goesOn && run.length > 0) yield* judge(story, server, run, events);
        if (goesOn) run.push(call);
        else runs.set(key, [call]);
      }
      for (const run of runs.values()) yield* judge(story, server, run, events);
    }
  },
});

/** So many refusals of one call within the window are a loop (rules.md E). */
const LIMIT = 3;
/** Milliseconds. */
const WINDOW = 60_000;

function* judge(story: Story, server: Server, run: readonly Call[], events: Happenings): Generator<Judgement> {
  const [first] = run;
  const last = run.at(-1);
  if (!first || !last) return;
  const judged: Pick<Judgement, 'subject' | 'occasion'> = { subject: server.url, occasion: `${first.exchange.entry}` };
  const third = run.find(
    (call, index) => index >= LIMIT - 1 && call.exchange.sent - (run[index - LIMIT + 1]?.exchange.sent ?? 0) <= WINDOW,
  );
  if (third) {
    // A refresh after each refusal, or one refused for good: the rules on refreshing speak of it.
    if (events.isRefreshing(run)) return;
    const within = last.exchange.answered - first.exchange.sent;
    const message = `The client repeated ${operationName(first)} although it was answered 401 ${run.length} times within ${span(within)}${sinceWords(server, '2025-11-25')}.`;
    const evidence = [refusalOf(third), ...run.filter((call) => call !== third).map(refusalOf)];
    yield { ...judged, kind: 'fail', level: levelSince(server, '2025-11-25', 'warning'), message, evidence };
    return;
  }
  const evidence = run.map(refusalOf);
  const { value: next } = attemptsAfter(server, last, heededFrom(last.exchange)).next();
  if (next && next.status !== 401) {
    yield { ...judged, kind: 'pass', message: 'The repeated call was no longer answered 401.', evidence };
  } else if (!endsWithin(story, last.exchange.answered, WINDOW)) {
    yield { ...judged, kind: 'pass', message: 'The client did not repeat the refused call without end.', evidence };
  } else if (run.length > 1) {
    const message = 'The log ends too soon after the repeated refusal to tell how often the call would be repeated.';
    yield { ...judged, kind: 'open', message, evidence, missing: ['later-traffic'] };
  }
}

/** Only refusals of a token, or of a call that came after new tokens: what comes before any sign-in is a probe. */
function counts(call: Call, last: Call | undefined, events: Happenings): boolean {
  if (call.credential !== null && call.credential !== '') return true;
  return last !== undefined && events.hasNewToken(last, call);
}

/** The same operation succeeded between two refusals: the second has a cause of its own. */
function succeeded(server: Server, from: Call, to: Call): boolean {
  const success = nextSuccess(server, from, from.exchange.sent);
  return success !== null && success.exchange.sent <= to.exchange.sent;
}

/** What happened at the authorization servers and the model, by time. */
interface Happenings {
  /** A token request succeeded between two calls. */
  readonly hasNewToken: (from: Call, to: Call) => boolean;
  /** The user signed in, or the model was told of the refusal: what follows is their will. */
  readonly isInterrupted: (from: Call, to: Call) => boolean;
  /** `sep-2702-single-refresh` and `sep-2702-needs-reauth` have the more exact word on these refusals. */
  readonly isRefreshing: (run: readonly Call[]) => boolean;
}

function happenings(story: Story): Happenings {
  const renewals: number[] = [];
  const interruptions: number[] = story.surfaced.map(({ exchange }) => exchange.sent);
  const refreshes: number[] = [];
  const dead: number[] = [];
  for (const { authorization, token, refreshes: own } of story.grants) {
    for (const by of [token, ...own]) if (by && isSuccess(by)) renewals.push(heededFrom(by.exchange));
    const isSignIn = token?.request.grantType === 'authorization_code';
    const began = authorization?.exchange.sent ?? (isSignIn ? token.exchange.sent : null);
    if (began !== null) interruptions.push(began);
    for (const by of own) (isDefiniteRefusal(by) ? dead : refreshes).push(by.exchange.sent);
  }
  for (const times of [renewals, interruptions, refreshes, dead]) times.sort((one, other) => one - other);
  const within = (times: readonly number[], from: Call, to: Call): boolean =>
    anyBetween(times, from.exchange.sent, to.exchange.sent);
  const isRefreshed = (call: Call, index: number, run: readonly Call[]): boolean => {
    const before = run[index - 1];
    return before !== undefined && call.credential !== null && within(refreshes, before, call);
  };
  const issued = new Set(story.tokens.flatMap(({ value, issuedBy }) => (issuedBy ? [value] : [])));
  /** Another token that nothing in the log issued: whoever issued it may have asked the user. */
  const isUnseenSignIn = (from: Call, { credential }: Call): boolean =>
    credential !== null && from.credential !== null && credential !== from.credential && !issued.has(credential);
  return {
    hasNewToken: (from, to) => within(renewals, from, to),
    isInterrupted: (from, to) => within(interruptions, from, to) || isUnseenSignIn(from, to),
    isRefreshing: (run) => {
      const [first] = run;
      const last = run.at(-1);
      if (first && last && within(dead, first, last)) return true;
      return run.filter(isRefreshed).length > 1;
    },
  };
}

function anyBetween(times: readonly number[], from: number, to: number): boolean {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return (times[low] ?? Number.POSITIVE_INFINITY) <= to;
}
