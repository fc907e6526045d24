import { asObject } from './har-json.ts';
import { type Details, follow, type Hop, type Stage, stages } from './webrequest.ts';

/** Requests whose end was never told, such whose beginning was not yet, and such that have ended, at most: the latest. */
const mostRequests = 1_000;
const mostEarly = 200;
const mostEnded = 50;
const mostEventsEarly = 16;

interface Event {
  readonly stage: Stage;
  readonly details: Details;
}

/**
 * The requests that are under way, each with its redirects. Events are joined by request and address, not by their
 * order: where the first of them wakes the background (Firefox), those that follow overtake it.
 */
export class UnderWay {
  /** By the browser's request id, in the order in which they were sent. */
  readonly #hops = new Map<string, Hop[]>();
  /** Those that have ended: an event may still come that was overtaken by the end. */
  readonly #ended = new Map<string, Hop[]>();
  /** Events that came before the beginning they belong to. */
  readonly #early = new Map<string, Event[]>();

  /** Follows one event; the hop that it is of, null while that one's beginning was not seen. */
  take(stage: Stage, details: Details): Hop | null {
    const hops = this.#hops.get(details.requestId) ?? this.#ended.get(details.requestId) ?? [];
    return stage === 'before' ? this.#begin(details, hops) : this.#goOn({ stage, details }, hops);
  }

  /** Whether anything but its end was seen of a request. */
  knows({ requestId }: Details): boolean {
    return this.#hops.has(requestId) || this.#ended.has(requestId);
  }

  has(is: (hop: Hop) => boolean): boolean {
    return [...this.#hops.values()].some((hops) => hops.some(is));
  }

  /** A hop that was followed elsewhere, by an earlier background or by its answer alone. */
  restore(hop: Hop): void {
    const id = hop.id.slice(0, hop.id.indexOf('.'));
    this.#keep(id, [...(this.#hops.get(id) ?? []), hop]);
  }

  /** Follows a request no further. */
  forget({ requestId }: Details): void {
    this.#hops.delete(requestId);
    this.#ended.delete(requestId);
    this.#early.delete(requestId);
  }

  #begin(details: Details, hops: readonly Hop[]): Hop | null {
    const at = hops.findIndex((hop) => hop.again && isOf(details, hop));
    let hop = follow('before', details, hops[at] ?? null);
    if (hop === null) return null;
    // Two listeners may hear the same while one takes the other's place.
    const { id } = hop;
    const known = at < 0 ? hops.find((one) => one.id === id) : undefined;
    if (known !== undefined) return known;
    if (at < 0 && hops.length > 0) hop = { ...hop, redirected: true };
    const early = this.#early.get(details.requestId) ?? [];
    const own = early.filter((event) => isOf(event.details, hop as Hop));
    for (const event of own.sort((one, other) => stages.indexOf(one.stage) - stages.indexOf(other.stage)))
      hop = follow(event.stage, event.details, hop) ?? hop;
    if (own.length === early.length) this.#early.delete(details.requestId);
    else
      this.#early.set(
        details.requestId,
        early.filter((event) => !own.includes(event)),
      );
    this.#keep(details.requestId, at < 0 ? [...hops, hop] : hops.with(at, hop));
    return hop;
  }

  #goOn(event: Event, hops: readonly Hop[]): Hop | null {
    const own = hops.flatMap((hop, index) => (isOf(event.details, hop) ? [index] : []));
    const at = own.find((index) => hops[index]?.ended === false) ?? own.at(-1) ?? -1;
    const hop = follow(event.stage, event.details, hops[at] ?? null);
    if (hop === null) this.#wait(event);
    else this.#keep(event.details.requestId, hops.with(at, hop));
    return hop;
  }

  #wait(event: Event): void {
    const { requestId } = event.details;
    const early = this.#early.get(requestId) ?? [];
    if (early.length < mostEventsEarly) this.#early.set(requestId, [...early, event]);
    limit(this.#early, mostEarly);
  }

  #keep(id: string, hops: readonly Hop[]): void {
    const last = hops.at(-1);
    const goesOn = last?.again || (last !== undefined && asObject(last.entry.response).redirectURL !== '');
    const ended = !goesOn && hops.every((hop) => hop.ended);
    this.#hops.delete(id);
    this.#ended.delete(id);
    (ended ? this.#ended : this.#hops).set(id, [...hops]);
    limit(this.#hops, mostRequests);
    limit(this.#ended, mostEnded);
  }
}

function limit(map: Map<string, unknown>, most: number): void {
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

/** A redirect comes back to the same address at times: of those, what was sent later is not meant. */
function isOf({ url, method, timeStamp }: Details, { entry }: Hop): boolean {
  const request = asObject(entry.request);
  return request.url === url && request.method === method && Number(entry._sent) <= timeStamp;
}
