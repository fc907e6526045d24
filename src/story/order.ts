import type { Exchange } from '../exchange/exchange.ts';

/** Time order: by the time sent, entries sent together by their place in the input. */
export function inTimeOrder(one: Exchange, other: Exchange): number {
  return one.sent - other.sent || one.entry - other.entry;
}

/** Time order of what has an exchange. */
export function bySent(one: { readonly exchange: Exchange }, other: { readonly exchange: Exchange }): number {
  return inTimeOrder(one.exchange, other.exchange);
}

/** Index of the first item whose time is after `time`, in an array sorted by `timeOf`. */
export function firstAfter<T>(items: readonly T[], time: number, timeOf: (item: T) => number): number {
  return firstWhere(items, (item) => timeOf(item) > time);
}

/** Index of the first item sent at or after `time`, in an array in time order. */
export function firstFrom(items: readonly { readonly exchange: Exchange }[], time: number): number {
  return firstWhere(items, ({ exchange }) => exchange.sent >= time);
}

/** Binary search: `is` is false for the items up to some index, and true from there on. */
function firstWhere<T>(items: readonly T[], is: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item === undefined || is(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** From how many late arrivals on sorting anew is cheaper than putting each in its place. */
const MANY = 32;

/**
 * Items kept in order while they arrive nearly in order: one in its turn costs a push, a late one its
 * move, and a crowd of late ones (a file written backwards) one sort.
 */
export class Sorted<T> {
  readonly #order: (one: T, other: T) => number;
  readonly #items: T[] = [];
  #late: T[] | null = null;

  constructor(order: (one: T, other: T) => number) {
    this.#order = order;
  }

  /** All items in order: one array, which grows with later additions. */
  get items(): readonly T[] {
    const late = this.#late;
    this.#late = null;
    if (late === null) return this.#items;
    if (late.length > MANY) {
      for (const item of late) this.#items.push(item);
      this.#items.sort(this.#order);
    } else {
      for (const item of late) this.#items.splice(this.#placeAfter(item), 0, item);
    }
    return this.#items;
  }

  add(item: T): void {
    const last = this.#items[this.#items.length - 1];
    if (last === undefined || this.#order(last, item) <= 0) this.#items.push(item);
    else if (this.#late) this.#late.push(item);
    else this.#late = [item];
  }

  /** Takes an item out, the same object. */
  remove(item: T): void {
    const index = this.items.lastIndexOf(item);
    if (index >= 0) this.#items.splice(index, 1);
  }

  #placeAfter(item: T): number {
    return firstWhere(this.#items, (other) => this.#order(other, item) > 0);
  }
}
