/** HAR entries as they come from the browsers: plain objects of which nothing is certain yet. */
export type Json = { readonly [key: string]: unknown };

export function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export interface Field {
  readonly name: string;
  readonly value: string;
}

/** The header fields of a HAR request or response that are well formed. */
export function fieldsOf(message: Json): readonly Field[] {
  if (!Array.isArray(message.headers)) return [];
  return (message.headers as readonly unknown[]).flatMap((item) => {
    const { name, value } = asObject(item);
    return typeof name === 'string' && typeof value === 'string' ? [{ name, value }] : [];
  });
}

/** The first value of a header field (RFC 9110 section 5.1: names are case-insensitive); null when it is not there. */
export function fieldOf(message: Json, name: string): string | null {
  if (!Array.isArray(message.headers)) return null;
  for (const item of message.headers as readonly unknown[]) {
    const field = asObject(item);
    const own = textOf(field.name);
    // Most differ in length: a burst of exchanges is looked through without a copy of each name.
    if (own.length === name.length && own.toLowerCase() === name && typeof field.value === 'string') return field.value;
  }
  return null;
}

/** Fields of the first, and those of the second that the first has none of. */
export function together(first: readonly Field[], second: readonly Field[]): readonly Field[] {
  if (second.length === 0) return first;
  const names = new Set(first.map(({ name }) => name.toLowerCase()));
  const more = second.filter(({ name }) => !names.has(name.toLowerCase()));
  return more.length === 0 ? first : [...first, ...more];
}

/** The fields of a message that two have seen, one of them perhaps in part: the fuller sight's, and what it lacks. */
export function fuller(now: readonly Field[], before: readonly Field[]): readonly Field[] {
  return now.length < before.length ? together(before, now) : together(now, before);
}

/** When an entry's request was sent, milliseconds since the epoch; 0 when not said. */
export function startOf(entry: Json): number {
  const { startedDateTime } = entry;
  if (typeof startedDateTime === 'number') return startedDateTime;
  const time = Date.parse(textOf(startedDateTime));
  return Number.isNaN(time) ? 0 : time;
}

/** When its answer had ended, milliseconds since the epoch. */
export function endOf(entry: Json): number {
  return startOf(entry) + (typeof entry.time === 'number' && entry.time > 0 ? entry.time : 0);
}
