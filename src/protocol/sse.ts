/** One event of a `text/event-stream`. */
export interface StreamEvent {
  /** `message` when the stream did not say. */
  readonly event: string;
  readonly data: string;
  /** The last event ID as of this event, null when none was ever set. */
  readonly id: string | null;
}

/**
 * Reads an event stream (WHATWG HTML section 9.2.6). Unlike a browser it keeps the last event when the
 * text ends inside it, for a recording may.
 */
export function parseEventStream(text: string): StreamEvent[] {
  const events: StreamEvent[] = [];
  let type = '';
  let data: string[] = [];
  let id: string | null = null;
  const dispatch = (): void => {
    if (data.length > 0) events.push({ event: type === '' ? 'message' : type, data: data.join('\n'), id });
    type = '';
    data = [];
  };
  for (const line of lines(text)) {
    if (line === '') {
      dispatch();
      continue;
    }
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const name = colon < 0 ? line : line.slice(0, colon);
    const raw = colon < 0 ? '' : line.slice(colon + 1);
    const value = raw.startsWith(' ') ? raw.slice(1) : raw;
    if (name === 'event') type = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id' && !value.includes('\u0000')) id = value;
  }
  dispatch();
  return events;
}

/** Lines ended by CRLF, LF or CR; a leading BOM is dropped. */
function* lines(text: string): Generator<string> {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let i = start; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code !== 0x0a && code !== 0x0d) continue;
    yield text.slice(start, i);
    if (code === 0x0d && text.charCodeAt(i + 1) === 0x0a) i += 1;
    start = i + 1;
  }
  if (start < text.length) yield text.slice(start);
}
