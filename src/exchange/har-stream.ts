import { ByteWindow, type Memory } from './byte-window.ts';
import { EntryOutline } from './entry-outline.ts';
import type { Exchange, Problem } from './exchange.ts';
import type { HeaderTable } from './header-table.ts';
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  parseJson,
  QUOTE,
  skipSpace,
  skipString,
  skipValue,
  stringAt,
  textOf,
  UNFINISHED,
} from './json-bytes.ts';
import { OrdinaryExchanges } from './ordinary.ts';
import type { OrdinaryExchange } from './ordinary-exchange.ts';
import { creatorOf, type HarReading, readEntry } from './read-har.ts';
import type { Scanner } from './scanner.ts';
import { joinServiceWorkerTwins } from './service-worker.ts';

export interface StreamOptions {
  /**
   * `story` (the default): exchanges that cannot matter to an authorization keep no response body.
   * `all`: every entry is parsed and kept.
   */
  readonly keep?: 'story' | 'all';
  /** Told now and then how many bytes were read. */
  readonly onProgress?: (bytes: number) => void;
  /** Makes the memory to read in: a Uint8Array, or a kind of it with a quicker `indexOf`, as Node's Buffer is. */
  readonly memory?: Memory;
  /** Finds its way in that memory; in JavaScript if there is none. */
  readonly scanner?: Scanner;
}

export interface HarStreamReading extends HarReading {
  /** Members of the log, its `entries` with those that were kept; a place without an entry is an ordinary one's. */
  readonly log: { readonly [key: string]: unknown } | null;
  readonly ordinary: OrdinaryExchanges;
  /** Of `exchanges`, those that were kept as ordinary ones. */
  readonly ordinaryExchanges: readonly OrdinaryExchange[];
}

/**
 * Reads a HAR document (UTF-8, byte order mark allowed) from a stream, entry by entry, without ever holding
 * all of it. Never rejects for what the bytes say: a file that is cut off or damaged is read as far
 * as it goes, and a Problem says how far that was.
 */
export async function readHarStream(
  source: AsyncIterable<Uint8Array>,
  options: StreamOptions = {},
): Promise<HarStreamReading> {
  const reader = new HarReader(new ByteWindow(source, options.memory), options);
  return reader.read();
}

type Ending = 'end' | 'unfinished' | 'damaged';

/** Members of a log that are not entries, and the entries; gathered anew where the document names them twice. */
class LogDraft {
  readonly members = new Map<string, unknown>();
  entries: unknown[] | null = null;
  hasEntries = false;
  exchanges: Exchange[] = [];
  ordinary = new OrdinaryExchanges();
  ordinaryExchanges: OrdinaryExchange[] = [];
  workersPages = new Set<number>();
  problems: Problem[] = [];
  before = 0;

  reset(): void {
    this.entries = null;
    this.exchanges = [];
    this.ordinary = new OrdinaryExchanges();
    this.ordinaryExchanges = [];
    this.workersPages = new Set();
    this.problems = [];
    this.before = 0;
  }
}

class HarReader {
  readonly #window: ByteWindow;
  readonly #keepsAll: boolean;
  readonly #onProgress: (bytes: number) => void;
  readonly #outline: EntryOutline;
  #top = new LogDraft();
  #log: LogDraft | null = null;
  #told = 0;

  constructor(window: ByteWindow, { keep, onProgress, scanner }: StreamOptions) {
    this.#window = window;
    this.#outline = new EntryOutline(scanner);
    this.#keepsAll = keep === 'all';
    this.#onProgress = onProgress ?? ((): void => {});
  }

  async read(): Promise<HarStreamReading> {
    const window = this.#window;
    const ending = await this.#readTop();
    const rest = ending === 'end' ? await this.#next() : -1;
    const where = window.offset;
    await window.close();
    const draft = this.#log ?? (this.#top.entries ? this.#top : null);
    if (!draft || (ending !== 'end' && draft.exchanges.length === 0)) return this.#none(ending, where);
    const { problems } = draft;
    const entry = Math.max(0, draft.exchanges.length - 1);
    const read = `what was read up to there (${draft.exchanges.length} entries) is analysed`;
    if (ending !== 'end') {
      const what = window.failure ?? (ending === 'unfinished' ? 'the file is cut off' : 'the file is damaged');
      problems.push({ entry, field: '', problem: `${what} at byte ${where}; ${read}` });
    } else if (window.failure !== null) problems.push({ entry, field: '', problem: `${window.failure}; ${read}` });
    else if (rest >= 0)
      problems.push({ entry, field: '', problem: `more follows behind the end of the JSON, at byte ${where}` });
    if (draft.entries) draft.entries.length = draft.exchanges.length;
    else problems.push({ entry: -1, field: 'log.entries', problem: 'not an array' });
    const log = Object.fromEntries(draft.members);
    const exchanges = joinServiceWorkerTwins(draft.exchanges, ({ entry: at }) => draft.workersPages.has(at));
    const ordinaryExchanges = stillOrdinary(draft, exchanges);
    return { creator: creatorOf(log), exchanges, problems, log, ordinary: draft.ordinary, ordinaryExchanges };
  }

  #none(ending: Ending, where: number): HarStreamReading {
    const why =
      this.#window.failure ??
      (where === 0 && ending === 'unfinished'
        ? 'empty'
        : ending === 'end'
          ? 'not an object: this is no HAR'
          : `not JSON: ${ending === 'unfinished' ? 'it ends' : 'unexpected text'} at byte ${where}, before any entry`);
    const problems = [{ entry: -1, field: why.startsWith('not an object') ? 'log' : '', problem: why }];
    return { creator: '', exchanges: [], problems, log: null, ordinary: this.#top.ordinary, ordinaryExchanges: [] };
  }

  async #readTop(): Promise<Ending> {
    const first = await this.#next();
    if (first < 0) return 'unfinished';
    if (first !== OPEN_OBJECT) return this.#skipNoObject();
    return this.#readMembers(this.#top, true);
  }

  /** A document that is no object is no HAR, and its end does not matter. */
  async #skipNoObject(): Promise<Ending> {
    const { end } = await this.#window.whole(skipValue);
    if (end >= 0) {
      this.#window.from = end;
      return 'end';
    }
    return /^[[{"tfn\d-]/.test(textOf(this.#window.bytes, this.#window.from, this.#window.from + 1))
      ? 'end'
      : 'damaged';
  }

  async #readMembers(draft: LogDraft, isTop: boolean): Promise<Ending> {
    const window = this.#window;
    window.from += 1;
    for (let first = await this.#next(); ; first = await this.#next()) {
      if (first === CLOSE_OBJECT) {
        window.from += 1;
        return 'end';
      }
      if (first === COMMA) {
        window.from += 1;
        continue;
      }
      if (first !== QUOTE) return first < 0 ? 'unfinished' : 'damaged';
      const name = await this.#takeName();
      if (name === null) return 'unfinished';
      if ((await this.#next()) !== COLON) return window.from < window.to ? 'damaged' : 'unfinished';
      window.from += 1;
      const value = await this.#next();
      if (value < 0) return 'unfinished';
      const ending = await this.#readMember(draft, isTop, name, value);
      if (ending !== 'end') return ending;
    }
  }

  async #readMember(draft: LogDraft, isTop: boolean, name: string, first: number): Promise<Ending> {
    if (isTop && name === 'log') {
      this.#log = null;
      if (first === OPEN_OBJECT) {
        this.#log = new LogDraft();
        return this.#readMembers(this.#log, false);
      }
      return this.#skip();
    }
    if (name === 'entries' && !(isTop && this.#log)) {
      draft.reset();
      draft.members.set(name, null);
      if (first !== OPEN_ARRAY) return this.#skip();
      draft.entries = [];
      draft.members.set(name, draft.entries);
      return this.#readEntries(draft);
    }
    const { end, cut } = await this.#window.whole(skipValue);
    if (end < 0) return end === UNFINISHED ? 'unfinished' : 'damaged';
    const { bytes, from } = this.#window;
    const json = cut ? (cut.bytes ? textOf(cut.bytes, 0, cut.bytes.length) : 'null') : textOf(bytes, from, end);
    this.#window.from = end;
    if (isTop) return 'end';
    const value = parseJson(json);
    if (value === undefined) return 'damaged';
    draft.members.set(name, value);
    return 'end';
  }

  async #readEntries(draft: LogDraft): Promise<Ending> {
    const window = this.#window;
    const table = this.#tableOf(draft);
    window.from += 1;
    for (;;) {
      this.#readHeldEntries(draft);
      const first = await this.#next();
      this.#tellProgress();
      if (first < 0) return 'unfinished';
      if (first === CLOSE_ARRAY) {
        window.from += 1;
        return 'end';
      }
      if (first === COMMA) {
        window.from += 1;
        continue;
      }
      const { end, cut } = await window.whole((bytes, from, to) => this.#outline.read(bytes, from, to, table));
      if (end < 0) return end === UNFINISHED ? 'unfinished' : 'damaged';
      if (cut) this.#takeCut(draft, cut.bytes);
      else this.#takeEntry(draft, window.bytes, window.from, end);
      window.from = end;
    }
  }

  /** Reads the entries that are wholly in the window, without waiting. */
  #readHeldEntries(draft: LogDraft): void {
    const window = this.#window;
    const { bytes, to } = window;
    for (;;) {
      let at = skipSpace(bytes, window.from, to);
      if (at < to && bytes[at] === COMMA) at = skipSpace(bytes, at + 1, to);
      if (at >= to || bytes[at] !== OPEN_OBJECT) return;
      const end = this.#outline.read(bytes, at, to, this.#tableOf(draft));
      if (end < 0) return;
      this.#takeEntry(draft, bytes, at, end);
      window.from = end;
    }
  }

  #tableOf(draft: LogDraft): HeaderTable | null {
    return this.#keepsAll ? null : draft.ordinary.fields;
  }

  #takeEntry(draft: LogDraft, bytes: Uint8Array, from: number, end: number): void {
    const entry = draft.exchanges.length;
    if (!this.#keepsAll) {
      const ordinary = draft.ordinary.take(bytes, this.#outline, entry);
      if (ordinary) {
        draft.exchanges.push(ordinary);
        draft.ordinaryExchanges.push(ordinary);
        if (ordinary.isWorkersPage) draft.workersPages.add(entry);
        draft.before = ordinary.sent;
        return;
      }
    }
    this.#takeParsed(draft, parseJson(textOf(bytes, from, end)), 'not JSON');
  }

  #takeCut(draft: LogDraft, bytes: Uint8Array | null): void {
    const value = bytes ? parseJson(textOf(bytes, 0, bytes.length)) : undefined;
    if (value !== undefined) {
      const entry = draft.exchanges.length;
      draft.problems.push({ entry, field: '', problem: 'too large: the beginning of its long texts was read' });
    }
    this.#takeParsed(draft, value, bytes ? 'not JSON' : 'too large to be read');
  }

  #takeParsed(draft: LogDraft, value: unknown, otherwise: string): void {
    const entry = draft.exchanges.length;
    if (value === undefined) draft.problems.push({ entry, field: '', problem: otherwise });
    const exchange = readEntry(value, entry, value === undefined ? [] : draft.problems, draft.before);
    draft.exchanges.push(exchange);
    draft.before = exchange.sent;
    if (!draft.entries) return;
    // A place that is left out must still count.
    draft.entries.length = entry;
    draft.entries[entry] = value ?? null;
    if (isWorkersPage(value)) draft.workersPages.add(entry);
  }

  async #takeName(): Promise<string | null> {
    const { end } = await this.#window.whole(skipString);
    if (end < 0) return null;
    const name = stringAt(this.#window.bytes, this.#window.from, end) ?? '';
    this.#window.from = end;
    return name;
  }

  async #skip(): Promise<Ending> {
    const { end } = await this.#window.whole(skipValue);
    if (end < 0) return end === UNFINISHED ? 'unfinished' : 'damaged';
    this.#window.from = end;
    return 'end';
  }

  /** The next byte that is not white space, now at the window's beginning; -1 at the end of the stream. */
  async #next(): Promise<number> {
    const window = this.#window;
    for (;;) {
      window.from = skipSpace(window.bytes, window.from, window.to);
      if (window.from < window.to) return window.bytes[window.from] ?? -1;
      if (!(await window.more())) return -1;
    }
  }

  #tellProgress(): void {
    const { offset } = this.#window;
    if (offset - this.#told < PROGRESS) return;
    this.#told = offset;
    this.#onProgress(offset);
  }
}

/** Progress is told after this many bytes. */
const PROGRESS = 1 << 22;

function isWorkersPage(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as { readonly _fetchedViaServiceWorker?: unknown })._fetchedViaServiceWorker === true
  );
}

/** The ordinary exchanges but those that were given the body of their page's side, whose entries are kept. */
function stillOrdinary(draft: LogDraft, exchanges: readonly Exchange[]): readonly OrdinaryExchange[] {
  if (draft.workersPages.size === 0) return draft.ordinaryExchanges;
  return draft.ordinaryExchanges.filter((ordinary) => {
    const isStill = exchanges[ordinary.entry] === ordinary;
    if (!isStill && draft.entries) draft.entries[ordinary.entry] = ordinary.raw();
    return isStill;
  });
}
