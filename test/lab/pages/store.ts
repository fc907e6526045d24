/** JSON values under a prefix in a Web Storage area. */
export class Store {
  readonly #area: Storage;
  readonly #prefix: string;

  constructor(area: Storage, prefix: string) {
    this.#area = area;
    this.#prefix = prefix;
  }

  /** The value saved under the name; the caller vouches for its type, as only this page writes here. */
  get<T>(name: string): T | undefined {
    const text = this.#area.getItem(this.#prefix + name);
    return text === null ? undefined : (JSON.parse(text) as T);
  }

  /** Saves a value; `undefined` removes it. */
  set(name: string, value: unknown): void {
    if (value === undefined) this.#area.removeItem(this.#prefix + name);
    else this.#area.setItem(this.#prefix + name, JSON.stringify(value));
  }
}
