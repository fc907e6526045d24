import { type Exchange, header } from '../exchange/exchange.ts';
import type { Analysis } from '../report/analysis.ts';
import { type Walk, walked } from '../story/walk.ts';
import { earlierTokens } from './earlier-tokens.ts';
import { hiddenSignals } from './hidden-signals.ts';

/**
 * What a session could not show: one blind spot for each way in which traffic
 * escaped, which undecided outcomes rest on it, and the switch that mends it.
 */
export interface BlindSpot {
  readonly id: BlindSpotId;
  /** How often the session shows that something escaped this way; 0: it may have, and nothing would tell. */
  readonly count: number;
  /** Indices in `result.outcomes` of the `open` outcomes that it leaves undecided. */
  readonly effect: readonly number[];
  /** What mends it; null: nothing in the panel does, the words say what would. */
  readonly switch: Switch | null;
}

export type BlindSpotId =
  | 'popup-not-watched'
  | 'opened-late'
  | 'shared-worker'
  | 'service-worker'
  | 'stream-open'
  | 'hidden-from-script'
  | 'body-gone'
  | 'bodies-elsewhere'
  | 'body-cut'
  | 'memory-full'
  | 'dropped'
  | 'paused'
  | 'headers-left-out'
  | 'private-window'
  | 'policy'
  | 'not-offered'
  | 'outside-the-browser'
  | 'not-in-traffic';

/** `watch`: tier 1 (popups, workers, open streams). `look-closer`: tier 2 on this site. */
export type Switch = 'watch' | 'look-closer' | 'reload' | 'record' | 'clear' | 'open-har' | 'body-cap';

/** What the place where traffic is captured knows of its own sight. */
export interface Sight {
  /** Live traffic, or a file in which what is lost stays lost. */
  readonly live: boolean;
  readonly browser: 'chromium' | 'firefox' | null;
  /** Tier 1 sees the sites of this session: popups, new tabs, workers, open streams. */
  readonly watching: boolean;
  /** Tier 2 sees what the script of the watched page could read. */
  readonly lookingCloser: boolean;
  readonly recording: boolean;
  /** Answers whose bodies the recorder had no memory for. */
  readonly bodiless: number;
  /** Exchanges that a full buffer dropped. */
  readonly dropped: number;
  /** A private window: nothing of it outlives DevTools. */
  readonly privateWindow: boolean;
  /** The browser's policy refused what the user granted. */
  readonly refused: boolean;
  /** The browser has the interfaces that tier 1 needs. */
  readonly offered: boolean;
}

/** What a file shows of its own recording: nothing. */
export const sightOfFile: Sight = {
  live: false,
  browser: null,
  watching: false,
  lookingCloser: false,
  recording: false,
  bodiless: 0,
  dropped: 0,
  privateWindow: false,
  refused: false,
  offered: true,
};

interface Spot {
  readonly id: BlindSpotId;
  readonly count: number;
  readonly switch: Switch | null;
}

/**
 * The blind spots of a session, those that the traffic itself gives away first.
 * Every `open` outcome is in the `effect` of at least one: an outcome belongs to
 * the spots that were met and hide a signal it misses, else to those that may
 * have hidden it, else to `outside-the-browser` or `not-in-traffic`.
 */
export function blindSpots(analysis: Analysis, sight: Sight): readonly BlindSpot[] {
  const spots = spotsOf(analysis, sight);
  const effects = new Map<BlindSpotId, number[]>(spots.map(({ id }) => [id, []]));
  const note = (id: BlindSpotId, outcome: number): void => {
    const list = effects.get(id);
    if (list === undefined) effects.set(id, [outcome]);
    else list.push(outcome);
  };
  for (const [at, outcome] of analysis.result.outcomes.entries()) {
    if (outcome.kind !== 'open') continue;
    const hiding = spots.filter(({ id }) => hides(id, outcome.missing ?? []));
    const met = hiding.filter(({ count }) => count > 0);
    for (const { id } of met.length > 0 ? met : hiding) note(id, at);
    if (hiding.length === 0)
      note(hides('outside-the-browser', outcome.missing ?? []) ? 'outside-the-browser' : 'not-in-traffic', at);
  }
  const rest = (['outside-the-browser', 'not-in-traffic'] as const)
    .filter((id) => effects.has(id))
    .map((id): Spot => ({ id, count: 0, switch: null }));
  const met = spots.filter(({ count }) => count > 0);
  const possible = spots.filter(({ count }) => count === 0);
  return [...met, ...possible, ...rest].map((spot) => ({ ...spot, effect: effects.get(spot.id) ?? [] }));
}

/** The blind spots that leave one outcome of the result undecided; none unless it is `open`. */
export function spotsBehind(spots: readonly BlindSpot[], outcome: number): readonly BlindSpot[] {
  return spots.filter(({ effect }) => effect.includes(outcome));
}

function hides(id: BlindSpotId, missing: readonly string[]): boolean {
  const signals = hiddenSignals[id];
  return signals === 'all' ? missing.length > 0 : signals.some((signal) => missing.includes(signal));
}

/** What escaped, as far as the traffic and the capture tell. */
function spotsOf(analysis: Analysis, sight: Sight): Spot[] {
  const seen = countsOf(analysis);
  const spots: Spot[] = [];
  const add = (id: BlindSpotId, count: number, mends: Switch | null): void =>
    void spots.push({ id, count, switch: mends });
  const mended = (live: Switch): Switch => (sight.live ? live : 'open-har');
  const blind = sight.live && !sight.watching;
  const watch: Switch | null = sight.offered ? 'watch' : null;
  if (seen.unseenAuthorizations > 0)
    add('popup-not-watched', seen.unseenAuthorizations, blind ? watch : mended('reload'));
  else if (blind) add('popup-not-watched', 0, watch);
  if (seen.earlierTokens > 0) add('opened-late', seen.earlierTokens, mended('reload'));
  if (blind) add('shared-worker', 0, watch);
  if (blind && sight.browser === 'firefox') add('service-worker', 0, watch);
  if (seen.openStreams > 0)
    add('stream-open', seen.openStreams, sight.live && !sight.lookingCloser ? 'look-closer' : null);
  else if (blind) add('stream-open', 0, watch);
  if (seen.hiddenChallenges > 0 && !sight.lookingCloser) {
    add('hidden-from-script', seen.hiddenChallenges, sight.live ? 'look-closer' : null);
  }
  if (sight.bodiless > 0) add('memory-full', sight.bodiless, 'clear');
  if (seen.goneBodies > sight.bodiless) add('body-gone', seen.goneBodies - sight.bodiless, mended('reload'));
  // Firefox tells nothing of an exchange whose page was left before it could be told.
  else if (sight.live && sight.browser === 'firefox') add('body-gone', 0, 'reload');
  if (seen.bodiesElsewhere > 0) add('bodies-elsewhere', seen.bodiesElsewhere, null);
  if (seen.cutBodies > 0) add('body-cut', seen.cutBodies, sight.live ? 'body-cap' : null);
  if (sight.dropped > 0) add('dropped', sight.dropped, 'reload');
  if (sight.live && !sight.recording) add('paused', 0, 'record');
  if (analysis.story.sanitized) add('headers-left-out', 1, 'open-har');
  else if (seen.withoutEveryHeader > 0)
    add('headers-left-out', seen.withoutEveryHeader, blind ? watch : sight.live ? 'reload' : null);
  if (sight.refused) add('policy', 1, null);
  if (sight.live && !sight.offered) add('not-offered', 1, null);
  if (sight.privateWindow) add('private-window', 0, null);
  return spots;
}

/** How often the traffic itself shows that something escaped. */
interface Counts {
  /** A code was exchanged, and the request that led to it is not there. */
  readonly unseenAuthorizations: number;
  /** Tokens in use that no recorded response issued. */
  readonly earlierTokens: number;
  readonly openStreams: number;
  /** Refusals whose challenge CORS hid from the page's script, by their headers. */
  readonly hiddenChallenges: number;
  readonly goneBodies: number;
  /** The same in popups and workers, where no network log brings them. */
  readonly bodiesElsewhere: number;
  readonly cutBodies: number;
  /** Requests of which header fields were left out. */
  readonly withoutEveryHeader: number;
}

function countsOf(analysis: Analysis): Counts {
  const { result, story, exchanges } = analysis;
  const unseen = result.story.grants.filter(({ entries }) => entries.token !== null && entries.authorize === null);
  const hidden = story.servers.flatMap(({ refused }) =>
    refused.filter(({ exchange, challengeReadable }) => challengeReadable === null && hasChallenge(exchange)),
  );
  const counts = noTally();
  for (const entry of story.rolesBesideCalls.keys()) tally(counts, exchanges[entry]);
  for (const server of story.servers) {
    const { openStreams, goneBodies, bodiesElsewhere, cutBodies, withoutEveryHeader } = walked(server, tallyOfCalls);
    counts.openStreams += openStreams;
    counts.goneBodies += goneBodies;
    counts.bodiesElsewhere += bodiesElsewhere;
    counts.cutBodies += cutBodies;
    counts.withoutEveryHeader += withoutEveryHeader;
  }
  return {
    ...counts,
    unseenAuthorizations: unseen.length,
    earlierTokens: earlierTokens(analysis).length,
    hiddenChallenges: hidden.length,
  };
}

/** What single exchanges tell. */
type Tally = {
  -readonly [name in
    | 'openStreams'
    | 'goneBodies'
    | 'bodiesElsewhere'
    | 'cutBodies'
    | 'withoutEveryHeader']: Counts[name];
};

const noTally = (): Tally => ({
  openStreams: 0,
  goneBodies: 0,
  bodiesElsewhere: 0,
  cutBodies: 0,
  withoutEveryHeader: 0,
});

function tally(counts: Tally, exchange: Exchange | undefined): void {
  if (exchange === undefined || exchange.part !== 'request') return;
  const { status, body, location } = exchange.response;
  if (exchange.pending) counts.openStreams += 1;
  else if (body.state === 'missing' && status !== 0 && location === null) {
    if (exchange.context === 'popup' || exchange.context === 'worker') counts.bodiesElsewhere += 1;
    else counts.goneBodies += 1;
  }
  if (body.state === 'cut') counts.cutBodies += 1;
  if (exchange.headersLeftOut) counts.withoutEveryHeader += 1;
}

/** The same of a server's calls, gathered call by call as the session grows; the calls of one batch are one exchange. */
const tallyOfCalls: Walk<Tally & { last: Exchange | null }> = {
  begin: () => ({ ...noTally(), last: null }),
  take(counts, { exchange }) {
    if (exchange !== counts.last) tally(counts, exchange);
    counts.last = exchange;
  },
};

const hasChallenge = ({ response }: Exchange): boolean => header(response.headers, 'www-authenticate') !== null;
