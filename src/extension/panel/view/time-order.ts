import type { Exchange } from '../../../exchange/exchange.ts';

/**
 * When the exchanges of a session were sent and answered, and their entries by the time they were sent. A session that
 * grew is put in order at the cost of what came to it: exchanges arrive by their answers, so a late one moves up a little.
 */
export class TimeOrder {
  /** Entries in time order, those sent together by their place. */
  #entries = new Int32Array(64);
  /** By place in that order, milliseconds since the epoch. */
  #times = new Float64Array(64);
  /** By entry. */
  #sent = new Float64Array(64);
  #answered = new Float64Array(64);
  #known: Exchange[] = [];

  /** Entries in time order; valid until the next call. */
  of(exchanges: readonly Exchange[]): Int32Array {
    const known = this.#known;
    const length = Math.min(known.length, exchanges.length);
    for (let entry = 0; entry < length; entry += 1) {
      const exchange = exchanges[entry];
      if (exchange === known[entry] || exchange === undefined) continue;
      // Another session, or an exchange that ended since.
      if (timeOf(exchange) !== this.#sent[entry]) return this.#anew(exchanges);
      known[entry] = exchange;
      this.#answered[entry] = exchange.answered;
    }
    if (exchanges.length < known.length) return this.#anew(exchanges);
    this.#reserve(exchanges.length);
    for (let entry = known.length; entry < exchanges.length; entry += 1) {
      const exchange = exchanges[entry];
      if (exchange !== undefined) this.#insert(entry, exchange);
    }
    return this.#entries.subarray(0, known.length);
  }

  /** By entry, when its request was sent; 0 when that is not known. Valid until the next call of `of`, as is `answered`. */
  get sent(): Float64Array {
    return this.#sent;
  }

  get answered(): Float64Array {
    return this.#answered;
  }

  #anew(exchanges: readonly Exchange[]): Int32Array {
    this.#known = [];
    return this.of(exchanges);
  }

  #insert(entry: number, exchange: Exchange): void {
    const time = timeOf(exchange);
    const times = this.#times;
    const length = this.#known.push(exchange) - 1;
    let low = 0;
    let high = length;
    // Nearly always it belongs at the end.
    if (high > 0 && (times[high - 1] ?? 0) <= time) low = high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((times[middle] ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    times.copyWithin(low + 1, low, length);
    this.#entries.copyWithin(low + 1, low, length);
    times[low] = time;
    this.#entries[low] = entry;
    this.#sent[entry] = time;
    this.#answered[entry] = exchange.answered;
  }

  #reserve(length: number): void {
    if (length <= this.#times.length) return;
    const room = Math.max(length, this.#times.length * 2);
    this.#times = larger(this.#times, room);
    this.#sent = larger(this.#sent, room);
    this.#answered = larger(this.#answered, room);
    const entries = new Int32Array(room);
    entries.set(this.#entries);
    this.#entries = entries;
  }
}

function larger(numbers: Float64Array, room: number): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(room);
  copy.set(numbers);
  return copy;
}

function timeOf({ sent }: Exchange): number {
  return Number.isNaN(sent) ? 0 : sent;
}
