/** Texts that are remembered in one memory. */
const MOST = 4096;

/** Longer texts are not worth remembering, UTF-16 units. */
export const LONGEST = 2000;

/** What texts became in places of one sort each: a log says the same a thousand times. */
export class Memory<Place> {
  readonly #places = new Map<Place, Map<string, string>>();
  #size = 0;

  get(place: Place, text: string): string | undefined {
    return this.#places.get(place)?.get(text);
  }

  /** Returns what it keeps. */
  keep(place: Place, text: string, shown: string): string {
    if (this.#size >= MOST) this.clear();
    this.#size += 1;
    const texts = this.#places.get(place);
    if (texts) texts.set(text, shown);
    else this.#places.set(place, new Map([[text, shown]]));
    return shown;
  }

  clear(): void {
    this.#places.clear();
    this.#size = 0;
  }
}
