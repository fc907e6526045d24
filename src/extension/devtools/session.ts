import { glimpseId } from '../../capture/glimpse.ts';
import type { Json } from '../../capture/har-json.ts';
import { endOf, startOf } from '../../capture/har-json.ts';
import { Joiner } from '../../capture/join.ts';
import type { Told } from '../../capture/wire-book.ts';
import type { Keeper } from './keeper.ts';
import type { Recorder } from './recorder.ts';

/** How long a record waits for the network log's own, milliseconds: after its end, or since its answer began. */
const patience = 1_500;
/** Records remembered by id, the latest. */
const mostRemembered = 2_000;

/** A tab's session: what the network log and the background saw, joined, recorded, and kept. */
export class TabSession {
  readonly #recorder: Recorder;
  readonly #keeper: Keeper | null;
  readonly #joiner: Joiner;
  readonly #tab: number;
  readonly #opened: number;
  readonly #held = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #ended = new Set<string>();
  /** Requests of which one saw the answer only, and those of which another saw all; by the glimpse's id. */
  readonly #glimpsed = new Set<string>();
  readonly #whole = new Set<string>();
  #cleared = Number.NEGATIVE_INFINITY;

  constructor(recorder: Recorder, keeper: Keeper | null, tab: number, opened = Date.now()) {
    this.#recorder = recorder;
    this.#keeper = keeper;
    this.#tab = tab;
    this.#opened = opened;
    this.#joiner = new Joiner({
      add: (entry) => {
        const index = recorder.add(entry);
        if (index >= 0) keeper?.put(index, entry);
        return index;
      },
      replace: (index, entry) => {
        recorder.replace(index, entry);
        if (index >= 0) keeper?.put(index, entry);
      },
    });
  }

  /** Shows what an earlier DevTools of this tab recorded. */
  resume(since: number, entries: readonly Json[]): void {
    this.#recorder.resume(since);
    for (const entry of entries) this.#joiner.network(entry);
  }

  network(entry: Json): void {
    // Its body was waited for, and meanwhile the session was cleared.
    if (endOf(entry) >= this.#cleared) this.#joiner.network(entry);
  }

  /** Takes what the background saw; the same record comes again as more of it is seen. */
  wire(records: readonly Told[]): void {
    for (const { id: called, tab, entry } of records) {
      if (startOf(entry) < this.#cleared) continue;
      const id = this.#idOf(called);
      if (id === null) continue;
      // Two watch: what one has seen to its end, the other, who was interrupted, does not open again.
      if (entry._pending === true && this.#ended.has(id)) continue;
      if (entry._pending !== true) remember(this.#ended, id);
      const expected = (tab === this.#tab || tab < 0) && endOf(entry) >= this.#opened;
      this.#joiner.wire(id, entry, expected);
      if (!expected) continue;
      // Each stage is waited for anew: an answer that began may end at once.
      clearTimeout(this.#held.get(id));
      this.#held.set(
        id,
        setTimeout(() => {
          this.#held.delete(id);
          this.#joiner.release(id);
        }, patience),
      );
    }
  }

  /** Two may watch: what is seen whole takes the place of a glimpse, which tells nothing beside it (null). */
  #idOf(id: string): string | null {
    const glimpse = glimpseId(id);
    if (id === glimpse) {
      if (this.#whole.has(id)) return null;
      remember(this.#glimpsed, id);
      return id;
    }
    remember(this.#whole, glimpse);
    return this.#glimpsed.has(glimpse) ? glimpse : id;
  }

  clear(): void {
    this.#cleared = Date.now();
    for (const timer of this.#held.values()) clearTimeout(timer);
    this.#held.clear();
    this.#joiner.clear();
    void this.#keeper?.clear();
  }
}

function remember(known: Set<string>, id: string): void {
  known.add(id);
  const [oldest] = known;
  if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest);
}
