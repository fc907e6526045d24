import type { Analysis } from '../../src/report/analysis.ts';

/** The parts of a HAR entry that mutations change. */
export interface Message {
  headers: { name: string; value: string }[];
}

export interface Entry {
  startedDateTime: string;
  time: number;
  pageref?: string;
  _resourceType?: string;
  request: Message & { method: string; url: string; postData?: { mimeType: string; text: string } };
  response: Message & {
    status: number;
    statusText: string;
    redirectURL: string;
    content: { size: number; mimeType: string; text?: string };
  };
}

/** A log that may be changed: a deep copy of the one it was made of, and what that one was judged to be. */
export class Draft {
  readonly entries: Entry[];
  readonly clean: Analysis;
  readonly #log: object;
  readonly #origins: ReadonlyMap<Entry, number>;

  constructor(document: unknown, clean: Analysis) {
    const copy = structuredClone(document) as { log: { entries: Entry[] } };
    this.#log = copy.log;
    this.entries = copy.log.entries;
    this.#origins = new Map(this.entries.map((entry, index) => [entry, index]));
    this.clean = clean;
  }

  document(): unknown {
    return { log: { ...this.#log, entries: this.entries } };
  }

  entry(index: number): Entry {
    const entry = this.entries[index];
    if (entry === undefined) throw new Error(`no entry ${index}`);
    return entry;
  }

  /** Where an entry stood in the log that this is made of; null if it was put in. */
  originOf(index: number): number | null {
    const entry = this.entries[index];
    return entry === undefined ? null : (this.#origins.get(entry) ?? null);
  }

  /** Puts an entry behind another, as long after it as is said; returns its index. */
  insert(after: number, entry: Entry, milliseconds = 50): number {
    const before = this.entry(after);
    const sent = Date.parse(before.startedDateTime) + before.time + milliseconds;
    this.entries.splice(after + 1, 0, { ...structuredClone(entry), startedDateTime: new Date(sent).toISOString() });
    return after + 1;
  }

  remove(index: number): void {
    this.entries.splice(index, 1);
  }
}

export function header(message: Message, name: string): string | null {
  return message.headers.find((field) => field.name.toLowerCase() === name)?.value ?? null;
}

/** Sets a header field; null takes it away. */
export function setHeader(message: Message, name: string, value: string | null): void {
  message.headers = message.headers.filter((field) => field.name.toLowerCase() !== name);
  if (value !== null) message.headers.push({ name, value });
}

export function query(entry: Entry, name: string): string | null {
  return new URL(entry.request.url).searchParams.get(name);
}

/** Sets a parameter of a URL; null takes it away. */
export function withQuery(url: string, name: string, value: string | null): string {
  const changed = new URL(url);
  if (value === null) changed.searchParams.delete(name);
  else changed.searchParams.set(name, value);
  return changed.href;
}

export function setQuery(entry: Entry, name: string, value: string | null): void {
  entry.request.url = withQuery(entry.request.url, name, value);
}

/** Sets a parameter of a form in the request; null takes it away. */
export function setForm(entry: Entry, name: string, value: string | null): void {
  const { postData } = entry.request;
  if (postData === undefined) throw new Error('no form');
  const form = new URLSearchParams(postData.text);
  if (value === null) form.delete(name);
  else form.set(name, value);
  postData.text = form.toString();
}

export function form(entry: Entry, name: string): string | null {
  return new URLSearchParams(entry.request.postData?.text ?? '').get(name);
}

/** Changes the JSON document that an answer holds. */
export function setAnswer(entry: Entry, change: (document: Record<string, unknown>) => void): void {
  const document: Record<string, unknown> = JSON.parse(entry.response.content.text ?? '{}');
  change(document);
  entry.response.content.text = JSON.stringify(document);
}

/** Changes the JSON document that a request holds. */
export function setSent(entry: Entry, change: (document: Record<string, unknown>) => void): void {
  const { postData } = entry.request;
  const document: Record<string, unknown> = JSON.parse(postData?.text ?? '{}');
  change(document);
  if (postData !== undefined) postData.text = JSON.stringify(document);
}

/** Sends a redirect elsewhere. */
export function setLocation(entry: Entry, location: string): void {
  setHeader(entry.response, 'location', location);
  entry.response.redirectURL = location;
}
