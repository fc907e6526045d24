import type { Exchange } from '../../../exchange/exchange.ts';

/**
 * The entries of a session by the time their requests were sent. A session that grew is put in order
 * at the cost of what came to it: exchanges arrive by their answers, so a late one moves up a little.
 */
export class TimeOrder {
  #entries = new Int32Array(64);
  #times = new Float64Array(64);
  #length = 0;
  #first: Exchange | undefined;

  /** Entries in time order, those sent together by their place; valid until the next call. */
  of(exchanges: readonly Exchange[]): Int32Array {
    if (exchanges.length < this.#length || exchanges[0] !== this.#first) this.#length = 0;
    this.#first = exchanges[0];
    this.#reserve(exchanges.length);
    for (let entry = this.#length; entry < exchanges.length; entry += 1) this.#insert(entry, exchanges[entry]);
    return this.#entries.subarray(0, this.#length);
  }

  #insert(entry: number, exchange: Exchange | undefined): void {
    const time = exchange === undefined || Number.isNaN(exchange.sent) ? 0 : exchange.sent;
    const times = this.#times;
    let low = 0;
    let high = this.#length;
    // Nearly always it belongs at the end.
    if (high > 0 && (times[high - 1] ?? 0) <= time) low = high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((times[middle] ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    times.copyWithin(low + 1, low, this.#length);
    this.#entries.copyWithin(low + 1, low, this.#length);
    times[low] = time;
    this.#entries[low] = entry;
    this.#length += 1;
  }

  #reserve(length: number): void {
    if (length <= this.#times.length) return;
    const room = Math.max(length, this.#times.length * 2);
    const times = new Float64Array(room);
    const entries = new Int32Array(room);
    times.set(this.#times.subarray(0, this.#length));
    entries.set(this.#entries.subarray(0, this.#length));
    this.#times = times;
    this.#entries = entries;
  }
}
