import type { Exchange, Problem } from '../exchange/exchange.ts';
import { OrdinaryExchange } from '../exchange/ordinary-exchange.ts';
import { creatorOf, readEntry, readHar } from '../exchange/read-har.ts';
import type { Revision } from '../protocol/mcp.ts';
import { evaluate, type LevelOverride } from '../rules/evaluate.ts';
import type { Outcome } from '../rules/outcome.ts';
import { rules } from '../rules/registry.ts';
import { StoryBuilder } from '../story/builder.ts';
import type { Story } from '../story/model.ts';
import type { Analysis } from './analysis.ts';
import { type ServerLevels, withServerLevels } from './levels.ts';
import { type Expectations, marked } from './marks.ts';
import { readNotes } from './notes.ts';
import { OrdinaryTraffic } from './ordinary-traffic.ts';
import type { Result } from './result.ts';
import { storyOf } from './story-result.ts';
import { summarise } from './summary.ts';
import { version } from './version.ts';
import { readView } from './view.ts';

export interface AnalyzeOptions {
  /** What the input is called in the result: a file name, `-`, the session's name. */
  readonly name: string;
  /** The MCP revision to judge by; `auto` (the default) takes the negotiated one of each server. */
  readonly spec?: Revision | 'auto';
  /** Levels in place of the rules' own, by rule id or alias. */
  readonly ruleLevels?: ReadonlyMap<string, LevelOverride>;
  /** Levels for one subject (an MCP server's URL, an issuer), by rule id; they go before `ruleLevels`. */
  readonly serverLevels?: ServerLevels;
  /** The faults of an earlier result: those that are still there are marked `unchanged`, all others `new`. */
  readonly baseline?: readonly Outcome[];
  /** Faults that are known and accepted for a time. */
  readonly expectations?: Expectations;
}

/** Analyses a parsed HAR document (or its `log`). Never throws; what could not be read is in `source.problems`. */
export function analyze(document: unknown, options: AnalyzeOptions): Analysis {
  const { creator, exchanges, problems, log } = readHar(document);
  const builder = new StoryBuilder({ revision: revisionOf(options) });
  for (const exchange of exchanges) builder.add(exchange);
  return analysisOf(builder.story(), exchanges, { creator, problems, log, options, redacted: isMarkedRedacted(log) });
}

/** How a session keeps what has nothing to do with authorization: `all` as it came, `story` slim, without response bodies. */
export type SessionOptions = AnalyzeOptions & { readonly keep?: 'all' | 'story' };

/** A session that grows: live traffic, entry by entry. */
export class Session implements RecallingStory {
  readonly #options: SessionOptions;
  #builder: StoryBuilder;
  #entries: unknown[] = [];
  #exchanges: Exchange[] = [];
  #problems: Problem[] = [];
  #ordinary: OrdinaryTraffic | null;
  #span = noSpan;
  #creator = '';
  /** What the story still tells of entries that were replaced since. */
  readonly #replaced = new Map<number, Exchange>();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#builder = new StoryBuilder({ revision: revisionOf(options) });
    this.#ordinary = options.keep === 'story' ? new OrdinaryTraffic() : null;
  }

  /** Adds one HAR entry; its place in the session is the index returned. */
  add(entry: unknown): number {
    const index = this.#exchanges.length;
    const ordinary = this.#ordinary?.take(entry, index) ?? null;
    if (ordinary !== null) {
      this.#exchanges.push(ordinary);
      this.#span = extended(this.#span, ordinary);
      this.#builder.goOnTo(ordinary.answered);
      return index;
    }
    this.#entries[index] = entry;
    const exchange = readEntry(entry, index, this.#problems, this.#exchanges[index - 1]?.sent ?? 0);
    this.#exchanges.push(exchange);
    this.#span = extended(this.#span, exchange);
    this.#builder.add(exchange);
    return index;
  }

  /**
   * Puts an entry in the place of an earlier one: an open exchange that ended, or of which more was seen.
   * An index that was never given out adds it.
   */
  replace(index: number, entry: unknown): number {
    const before = this.#exchanges[index];
    if (before === undefined) return this.add(entry);
    if (before instanceof OrdinaryExchange) this.#ordinary?.forget(before);
    this.#problems = this.#problems.filter((problem) => problem.entry !== index);
    this.#entries[index] = entry;
    const after = readEntry(entry, index, this.#problems, this.#exchanges[index - 1]?.sent ?? 0);
    this.#exchanges[index] = after;
    this.#span = extended(this.#span, after);
    if (before instanceof OrdinaryExchange) this.#builder.add(after);
    else this.#replaced.set(index, this.#replaced.get(index) ?? before);
    return index;
  }

  /** Names the recorder, as `log.creator` does in a file. */
  set creator(creator: { readonly name: string; readonly version: string }) {
    this.#creator = creatorOf({ creator });
  }

  get size(): number {
    return this.#exchanges.length;
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  clear(): void {
    this.#builder = new StoryBuilder({ revision: revisionOf(this.#options) });
    this.#entries = [];
    this.#exchanges = [];
    this.#problems = [];
    this.#replaced.clear();
    this.#span = noSpan;
    if (this.#ordinary !== null) this.#ordinary = new OrdinaryTraffic();
  }

  /** The analysis so far. */
  analysis(): Analysis {
    const [name = '', ...rest] = this.#creator.split(' ');
    const [kept, exchanges] = [this.#entries, this.#exchanges];
    const log = {
      version: '1.2',
      creator: { name, version: rest.join(' ') },
      // What was kept slim is written out for an export, and for nothing else.
      get entries(): readonly unknown[] {
        return exchanges.map((exchange, index) =>
          exchange instanceof OrdinaryExchange ? exchange.raw() : kept[index],
        );
      },
    };
    const about = {
      creator: this.#creator,
      problems: this.#problems,
      log,
      options: this.#options,
      redacted: false,
      span: this.#span,
    };
    return recallingAnalysisOf(this, about);
  }

  /** The story with every ordinary exchange at one of its places. */
  story(): Story {
    this.#retell();
    for (;;) {
      const story = this.#builder.story();
      if (!this.#recall(this.#ordinary?.atPlacesOf(story) ?? [])) return story;
    }
  }

  recallCarriers(secrets: ReadonlySet<string>): boolean {
    return this.#recall(this.#ordinary?.carriersOf(secrets) ?? []);
  }

  #retell(): void {
    if (this.#replaced.size === 0) return;
    const pairs = [...this.#replaced].flatMap(([index, before]) => {
      const after = this.#exchanges[index];
      return after === undefined ? [] : [{ before, after }];
    });
    this.#replaced.clear();
    if (this.#builder.replace(pairs)) return;
    this.#builder = new StoryBuilder({ revision: revisionOf(this.#options) });
    for (const exchange of this.#exchanges) {
      if (exchange instanceof OrdinaryExchange) this.#builder.goOnTo(exchange.answered);
      else this.#builder.add(exchange);
    }
  }

  #recall(exchanges: readonly OrdinaryExchange[]): boolean {
    for (const ordinary of exchanges) {
      const whole = ordinary.whole();
      this.#exchanges[ordinary.entry] = whole;
      this.#entries[ordinary.entry] = ordinary.raw();
      this.#builder.add(whole);
    }
    return exchanges.length > 0;
  }
}

/** A story of exchanges some of which were left out, and can be taken in when it turns out that they matter. */
export interface RecallingStory {
  readonly exchanges: readonly Exchange[];
  /** The story with all that its own URLs call for. */
  story(): Story;
  /** Takes in the exchanges that carry a secret; false when there are none that were left out. */
  recallCarriers(secrets: ReadonlySet<string>): boolean;
}

/** Judges a story that may have to take more exchanges in because of what the rules ask. */
export function recallingAnalysisOf(draft: RecallingStory, about: About): Analysis {
  for (;;) {
    const story = draft.story();
    const asked = new Set<string>();
    // Rules ask for the places of secrets by name: only then is it known what to look for.
    const listening: Story = Object.create(story, {
      sightings: {
        enumerable: true,
        value: (secret: string, beside?: (endpoint: string) => boolean) => {
          asked.add(secret);
          return story.sightings(secret, beside);
        },
      },
    });
    const analysis = analysisOf(listening, draft.exchanges, about);
    if (!draft.recallCarriers(asked)) return { ...analysis, story };
  }
}

/** What an analysis says of its input. */
export interface About {
  readonly creator: string;
  readonly problems: readonly Problem[];
  readonly log: unknown;
  readonly options: AnalyzeOptions;
  readonly redacted: boolean;
  /** Where it is known without a look at every exchange. */
  readonly span?: Span;
}

/** From when to when exchanges go on, milliseconds since the epoch; infinite where no time is known. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

const noSpan: Span = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };

function extended({ first, last }: Span, { sent, answered }: Exchange): Span {
  return { first: sent > 0 && sent < first ? sent : first, last: answered > last ? answered : last };
}

function spanOf(exchanges: readonly Exchange[]): Span {
  let { first, last } = noSpan;
  for (const { sent, answered } of exchanges) {
    if (sent > 0 && sent < first) first = sent;
    if (answered > last) last = answered;
  }
  return { first, last };
}

/** Judges a story and draws up its result. */
export function analysisOf(story: Story, exchanges: readonly Exchange[], about: About): Analysis {
  const { ruleLevels, serverLevels } = about.options;
  const judged = withServerLevels(evaluate(rules, story, ruleLevels), serverLevels);
  const { outcomes, expectations } = marked(judged, about.options);
  const { first, last } = about.span ?? spanOf(exchanges);
  const result: Result = {
    schema: 'mcp-auth-inspector/result/1',
    tool: { name: 'mcp-auth-inspector', version },
    source: {
      name: about.options.name,
      creator: about.creator,
      entries: exchanges.length,
      firstStarted: timestamp(first),
      lastFinished: timestamp(last),
      problems: about.problems,
      redacted: about.redacted,
    },
    story: storyOf(story),
    outcomes,
    summary: summarise(outcomes),
    ...(expectations === null ? {} : { expectations }),
  };
  return { result, story, exchanges, log: about.log, notes: readNotes(about.log), view: readView(about.log) };
}

/** RFC 3339, UTC; null for a time out of range. */
export function timestamp(milliseconds: number | null): string | null {
  if (milliseconds === null || !(Math.abs(milliseconds) <= 8.64e15)) return null;
  return new Date(milliseconds).toISOString();
}

/** The revision to judge by; null where each server's own is. */
export function revisionOf(options: AnalyzeOptions): Revision | null {
  return options.spec === undefined || options.spec === 'auto' ? null : options.spec;
}

/** Whether a log says of itself that it is a redacted copy. */
export function isMarkedRedacted(log: unknown): boolean {
  const marks = (log as { _mcpAuth?: { source?: { redacted?: unknown } } } | null)?._mcpAuth;
  return marks?.source?.redacted === true;
}
