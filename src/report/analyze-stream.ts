import type { Exchange } from '../exchange/exchange.ts';
import { type HarStreamReading, readHarStream, type StreamOptions } from '../exchange/har-stream.ts';
import { OrdinaryExchange } from '../exchange/ordinary-exchange.ts';
import { carriersOf } from '../exchange/ordinary-search.ts';
import { evaluate } from '../rules/evaluate.ts';
import { rules } from '../rules/registry.ts';
import { StoryBuilder } from '../story/builder.ts';
import type { Story } from '../story/model.ts';
import type { Analysis } from './analysis.ts';
import {
  type AnalyzeOptions,
  isMarkedRedacted,
  type RecallingStory,
  recallingAnalysisOf,
  revisionOf,
} from './analyze.ts';
import { placesOf } from './places.ts';

export interface Judging {
  /**
   * Called between parts of a long log, with how much of it is judged, 0 to 1: lets others have their turn.
   * Without it a log is judged at once.
   */
  readonly pause?: (judged: number) => Promise<void>;
  /** Exchanges of the story that are judged before others have their turn; 2,000 by default. */
  readonly portion?: number;
}

/**
 * Analyses a HAR document as it streams by (UTF-8 bytes), with the same outcomes as `analyze` has for the
 * parsed document, and a memory that grows with the story, not with the file. Never rejects for
 * what the bytes say; what could not be read is in `source.problems`.
 */
export async function analyzeStream(
  source: AsyncIterable<Uint8Array>,
  options: AnalyzeOptions & StreamOptions & Judging,
): Promise<Analysis> {
  const reading = await readHarStream(source, options);
  const { creator, problems, log } = reading;
  const draft = new Draft(reading, new StoryBuilder({ revision: revisionOf(options) }));
  const { pause, portion = 2_000 } = options;
  if (pause === undefined) draft.takeIn(draft.exchanges.length);
  // Judging what is there keeps what rules work out of it, so that each further part costs little.
  else {
    while (draft.takeIn(portion)) {
      evaluate(rules, draft.story());
      await pause(draft.share);
    }
  }
  const about = { creator, problems, log, options, redacted: isMarkedRedacted(log) };
  return recallingAnalysisOf(draft, about);
}

/** The story of the exchanges that can matter, and of those ordinary ones that it turns out to concern. */
class Draft implements RecallingStory {
  readonly exchanges: Exchange[];
  readonly #reading: HarStreamReading;
  readonly #builder: StoryBuilder;
  readonly #recalled = new Set<OrdinaryExchange>();
  readonly #asked = new Set<string>();
  #next = 0;

  constructor(reading: HarStreamReading, builder: StoryBuilder) {
    this.#reading = reading;
    this.#builder = builder;
    this.exchanges = [...reading.exchanges];
  }

  /** Takes in so many more exchanges that can matter; false when those were the last. */
  takeIn(number: number): boolean {
    const all = this.#reading.exchanges;
    for (let left = number; left > 0 && this.#next < all.length; this.#next += 1) {
      const exchange = all[this.#next];
      if (exchange === undefined || exchange instanceof OrdinaryExchange) continue;
      this.#builder.add(exchange);
      left -= 1;
    }
    if (this.#next < all.length) return true;
    // The story ends with the log's last answer, whoever's it is.
    this.#recall(this.#lastAnswered());
    return false;
  }

  /** How much of the log was taken in, 0 to 1. */
  get share(): number {
    return this.#next / this.#reading.exchanges.length;
  }

  /** The story with every ordinary exchange at one of its endpoints. */
  story(): Story {
    for (;;) {
      const story = this.#builder.story();
      if (!this.#recall(this.#atEndpoints(story))) return story;
    }
  }

  /** Takes in the exchanges that carry a secret not asked for before; false when there are none. */
  recallCarriers(secrets: ReadonlySet<string>): boolean {
    const fresh = [...secrets].filter((secret) => !this.#asked.has(secret));
    for (const secret of fresh) this.#asked.add(secret);
    return this.#recall(carriersOf(fresh, this.#reading.ordinary, this.#reading.ordinaryExchanges));
  }

  #recall(exchanges: readonly OrdinaryExchange[]): boolean {
    const entries = this.#reading.log?.entries;
    let isAny = false;
    for (const ordinary of exchanges) {
      if (this.#recalled.has(ordinary)) continue;
      this.#recalled.add(ordinary);
      isAny = true;
      const whole = ordinary.whole();
      this.exchanges[ordinary.entry] = whole;
      if (Array.isArray(entries)) entries[ordinary.entry] = ordinary.raw();
      this.#builder.add(whole);
    }
    return isAny;
  }

  /** The ordinary exchange that was answered last, if there is any. */
  #lastAnswered(): OrdinaryExchange[] {
    const { ordinary, ordinaryExchanges } = this.#reading;
    let last: OrdinaryExchange | null = null;
    let latest = Number.NEGATIVE_INFINITY;
    for (const exchange of ordinaryExchanges) {
      const answered = ordinary.answered(exchange.index);
      if (answered <= latest) continue;
      last = exchange;
      latest = answered;
    }
    return last === null ? [] : [last];
  }

  #atEndpoints(story: Story): OrdinaryExchange[] {
    const known = (ordinary: OrdinaryExchange): boolean => this.#recalled.has(ordinary);
    return placesOf(story).among(this.#reading.ordinary, this.#reading.ordinaryExchanges, known);
  }
}
