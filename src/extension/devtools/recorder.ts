import { relevanceOf } from '../../capture/relevance.ts';
import type { ScriptReport } from '../../capture/script-report.ts';
import { largestBatch, type RecorderMessage, readPanelMessage } from '../channel.ts';
import { unknownState, type WatchState } from '../watch-state.ts';

/** Reports of the observer kept at most. */
const mostReports = 20_000;

/** Exchanges kept: beyond the first number those that no rule needs are dropped, beyond the second all but authorization's. */
export interface RecorderLimits {
  /** Characters of bodies. */
  readonly memory: number;
  readonly entries: number;
  readonly calls: number;
}

export const usualRecorderLimits: RecorderLimits = { memory: 200_000_000, entries: 100_000, calls: 200_000 };

/** The half of a BroadcastChannel that is needed here. */
export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/**
 * Keeps everything recorded since DevTools opened, whether or not a panel is
 * open, and sends it to a panel that says hello; from then on each entry as it
 * comes.
 */
export class Recorder {
  #room: number;
  #bodiless = 0;
  #dropped = 0;
  #stale = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #changed = false;
  #isHeard = false;
  #state: WatchState = unknownState;
  /** Called when the user clears the session. */
  onClear: () => void = () => undefined;
  readonly #limits: RecorderLimits;
  /** Exchanges that there was no room for, and those that the background and the keeper dropped. */
  #unkept = 0;
  readonly #channel: Channel;
  #entries: unknown[] = [];
  #reports: ScriptReport[] = [];
  #recording = true;
  #since: number;
  #number = 0;
  readonly #now: () => number;

  constructor(channel: Channel, now: () => number = Date.now, limits: Partial<RecorderLimits> = {}) {
    this.#channel = channel;
    this.#now = now;
    this.#limits = { ...usualRecorderLimits, ...limits };
    this.#room = this.#limits.memory;
    this.#since = now();
    channel.onmessage = (event) => this.#receive(event.data);
  }

  /** Takes one HAR entry, and gives its index: -1 while recording is paused, and where there is no room for it. */
  add(entry: unknown): number {
    if (!this.#recording) return -1;
    if (!this.#hasPlace(entry)) {
      this.#unkept += 1;
      this.#tellCounts();
      return -1;
    }
    this.#entries.push(this.#fit(entry));
    this.#sendEntries(this.#entries.length - 1);
    return this.#entries.length - 1;
  }

  /** Puts an entry in the place of an earlier one: its answer ended, or more was seen of it. */
  replace(index: number, entry: unknown): void {
    const before = this.#entries[index];
    if (before === undefined) return;
    this.#room += bodyOf(before)?.length ?? 0;
    const fitting = this.#fit(entry);
    this.#entries[index] = fitting;
    this.#send({ kind: 'replace', session: this.#session, index, entry: fitting });
  }

  /** Goes on with a session that an earlier DevTools of the tab recorded. */
  resume(since: number): void {
    this.#since = since;
    this.#begin();
  }

  /** The extension was updated, reloaded or removed under this page: it sees nothing any more, and says so. */
  lose(): void {
    this.#stale = true;
    this.#begin();
  }

  /** When the recording began, milliseconds since the epoch. */
  get since(): number {
    return this.#since;
  }

  /** Exchanges that some buffer had no room for; told to the panel. */
  set dropped(dropped: number) {
    if (dropped === this.#dropped) return;
    this.#dropped = dropped;
    this.#begin();
  }

  /** How far the background sees; told to the panel. */
  set state(state: WatchState) {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#begin();
  }

  /** Takes what the observer in the page reports; of a long session the latest are kept. */
  observe(reports: readonly ScriptReport[]): void {
    if (!this.#recording || reports.length === 0) return;
    this.#reports.push(...reports);
    if (this.#reports.length > mostReports) this.#reports = this.#reports.slice(-mostReports / 2);
    this.#sendReports(reports);
  }

  #receive(data: unknown): void {
    const message = readPanelMessage(data);
    switch (message?.kind) {
      case 'hello':
        this.#isHeard = true;
        this.#begin();
        this.#sendEntries(0);
        for (let at = 0; at < this.#reports.length; at += largestBatch) {
          this.#sendReports(this.#reports.slice(at, at + largestBatch));
        }
        break;
      case 'record':
        this.#recording = message.on;
        this.#begin();
        break;
      case 'clear':
        this.#entries = [];
        this.#reports = [];
        this.#number += 1;
        this.#room = this.#limits.memory;
        this.#bodiless = 0;
        this.#dropped = 0;
        this.#unkept = 0;
        this.#since = this.#now();
        this.onClear();
        this.#begin();
        break;
    }
  }

  /** Once memory is full, entries are kept without their bodies, and the panel says so. */
  #fit(entry: unknown): unknown {
    const size = bodyOf(entry)?.length ?? 0;
    if (size <= this.#room) {
      this.#room -= size;
      return entry;
    }
    this.#bodiless += 1;
    this.#tellCounts();
    return withoutBody(entry);
  }

  /** What no rule needs is the first for which there is no place. */
  #hasPlace(entry: unknown): boolean {
    const kept = this.#entries.length;
    if (kept < this.#limits.entries) return true;
    const relevance = relevanceOf(entry);
    return relevance === 'auth' || (relevance === 'mcp' && kept < this.#limits.calls);
  }

  /** Counts change often in a storm: they are told at most so often. */
  #tellCounts(): void {
    this.#changed = true;
    if (this.#timer !== null) return;
    this.#changed = false;
    this.#begin();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#changed) this.#tellCounts();
    }, 250);
  }

  get #session(): string {
    return `${this.#since}-${this.#number}`;
  }

  #begin(): void {
    this.#send({
      kind: 'begin',
      session: this.#session,
      recording: this.#recording,
      since: this.#since,
      bodiless: this.#bodiless,
      dropped: this.#dropped + this.#unkept,
      stale: this.#stale,
      state: this.#state,
    });
  }

  #sendEntries(from: number): void {
    for (let first = from; first < this.#entries.length; first += largestBatch) {
      const entries = this.#entries.slice(first, first + largestBatch);
      this.#send({ kind: 'entries', session: this.#session, first, entries });
    }
  }

  #sendReports(reports: readonly ScriptReport[]): void {
    this.#send({ kind: 'observed', session: this.#session, reports });
  }

  #send(message: RecorderMessage): void {
    // Who comes later says hello, and is told everything.
    if (!this.#isHeard) return;
    try {
      this.#channel.postMessage(message);
    } catch {
      // A browser's own object that cannot be cloned: its JSON can.
      this.#channel.postMessage(JSON.parse(JSON.stringify(message)));
    }
  }
}

type Entry = { readonly response?: { readonly content?: { readonly text?: unknown } } } | null | undefined;

function bodyOf(entry: unknown): string | null {
  const text = (entry as Entry)?.response?.content?.text;
  return typeof text === 'string' ? text : null;
}

function withoutBody(entry: unknown): unknown {
  const { response, ...rest } = entry as { response: { content: object } };
  const { text: _, ...content } = response.content as { text?: unknown };
  return { ...rest, response: { ...response, content } };
}
