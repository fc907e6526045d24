/** Done at once in a row, and in each second beyond, while more and more come. */
const usual = 60;
/** It is calm when nothing has come for so long, milliseconds; so often it is looked whether it is. */
const calm = 150;
/** Done at each look once it is calm. */
const abreast = 40;
/** Deeds that may wait: a longer storm goes without the rest. */
const mostWaiting = 2_000;

interface Deed {
  readonly do: () => void;
  readonly drop: () => void;
}

/**
 * Sees that what can wait does not hold up the page that causes it: as long as it comes as a person's doing does, it is
 * done at once; of a burst a few, in its order, and the rest when it is over.
 */
export class Pace {
  readonly #waiting: Deed[] = [];
  #left = usual;
  #counted = performance.now();
  #latest = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Does it now or later; `drop` is called in place of `deed` when too many wait. */
  take(deed: () => void, drop: () => void): void {
    this.#latest = performance.now();
    this.#refill();
    if (this.#waiting.length === 0 && this.#left >= 1) {
      this.#left -= 1;
      deed();
    } else if (this.#waiting.length < mostWaiting) {
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
    const isCalm = performance.now() - this.#latest >= calm;
    const now = this.#waiting.splice(0, isCalm ? abreast : Math.floor(this.#left));
    if (!isCalm) this.#left -= now.length;
    this.#timer = this.#waiting.length > 0 ? setTimeout(this.#look, calm) : null;
    for (const deed of now) deed.do();
  };

  #refill(): void {
    const now = performance.now();
    this.#left = Math.min(usual, this.#left + ((now - this.#counted) * usual) / 1_000);
    this.#counted = now;
  }
}
