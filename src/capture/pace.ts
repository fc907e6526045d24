/** So many may come in a row to be done at once. */
const together = 20;
/** And so many a second beyond; so many more are remembered of a burst. */
const usual = 60;
/** A burst is over when nothing has come for so long, milliseconds, or few come; so often it is looked whether it is. */
const calm = 150;
/** Done at each look once it is over. */
const abreast = 40;
/** Deeds that may wait: a longer storm goes without the rest. */
const mostWaiting = 2_000;

interface Deed {
  readonly do: () => void;
  readonly drop: () => void;
}

/**
 * Sees that what can wait does not hold up the page that causes it: as long as it comes as a person's doing does, it is
 * done at once; of a burst the first, and the rest in its order when it is over.
 */
export class Pace {
  readonly #waiting: Deed[] = [];
  /** How many more may come; below zero in a burst. */
  #left = together;
  #counted = performance.now();
  #latest = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Does it now or later; `drop` is called in place of `deed` when too many wait. */
  take(deed: () => void, drop: () => void): void {
    this.#refill();
    this.#latest = this.#counted;
    this.#left = Math.max(-usual, this.#left - 1);
    if (this.#waiting.length === 0 && this.#left >= 0) deed();
    else if (this.#waiting.length < mostWaiting) {
      this.#waiting.push({ do: deed, drop });
      this.#timer ??= setTimeout(this.#look, calm);
    } else drop();
  }

  /** Drops what waits. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const { drop } of this.#waiting.splice(0)) drop();
  }

  readonly #look = (): void => {
    this.#refill();
    const isOver = this.#left >= 1 || this.#counted - this.#latest >= calm;
    const now = this.#waiting.splice(0, isOver ? abreast : 0);
    this.#timer = this.#waiting.length > 0 ? setTimeout(this.#look, calm) : null;
    for (const deed of now) deed.do();
  };

  #refill(): void {
    const now = performance.now();
    this.#left = Math.min(together, this.#left + ((now - this.#counted) * usual) / 1_000);
    this.#counted = now;
  }
}
