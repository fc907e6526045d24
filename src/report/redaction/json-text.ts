/**
 * Rewrites the strings of JSON text and leaves every other character as it
 * stands: order, duplicate keys, big numbers, a body cut in the middle. Depth
 * costs memory only, never the stack.
 */

/** What rewriting does at each leaf; `C` is what a container hands down to its members. */
export interface JsonVisitor<C> {
  readonly root: C;
  /** The context inside the container that stands under `key` (an index has no key). */
  enter(outer: C, key: string | null, isArray: boolean): C;
  /**
   * A string value. `key` is the member's name, or for `{"name": n, "value": v}` and `[n, v]`
   * the n beside it, else null.
   */
  string(value: string, key: string | null, context: C): string;
  /** A number in source text; null keeps it, else the string to stand in its place. */
  number(source: string, key: string | null, context: C): string | null;
  key(name: string, context: C): string;
  /** Text that is not JSON at all, between values. */
  other(text: string, context: C): string;
}

interface Frame<C> {
  readonly context: C;
  readonly isArray: boolean;
  key: string | null;
  /** Value of a member called `name`, or the first string of an array. */
  label: string | null;
  index: number;
}

export function rewriteJson<C>(text: string, visitor: JsonVisitor<C>): string {
  const frames: Frame<C>[] = [];
  /** What was rewritten, and what lies before it as it stands; behind `kept` nothing was yet. */
  const out: string[] = [];
  let kept = 0;
  const replace = (start: number, end: number, shown: string): void => {
    out.push(text.slice(kept, start), shown);
    kept = end;
  };
  let frame: Frame<C> | undefined;
  let at = 0;
  const context = (): C => frame?.context ?? visitor.root;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      const value = decode(text, at, end);
      const isKey = frame !== undefined && !frame.isArray && text.charCodeAt(afterSpace(text, end)) === COLON;
      let shown: string;
      if (isKey && frame !== undefined) {
        shown = visitor.key(value, context());
        frame.key = value;
      } else {
        shown = visitor.string(value, nameOf(frame), context());
        label(frame, value);
      }
      if (shown !== value) replace(at, end, JSON.stringify(shown));
      at = end;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      const isArray = code === OPEN_BRACKET;
      const inner: C = visitor.enter(context(), frame === undefined || frame.isArray ? null : frame.key, isArray);
      frame = { context: inner, isArray, key: null, label: null, index: 0 };
      frames.push(frame);
      at++;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      frames.pop();
      frame = frames[frames.length - 1];
      at++;
    } else if (code === COMMA) {
      if (frame !== undefined) {
        frame.key = null;
        frame.index++;
      }
      at++;
    } else if (code === COLON || isSpace(code)) at++;
    else {
      const end = endOfWord(text, at);
      const source = text.slice(at, end);
      const shown = rewriteWord(source, frame, context(), visitor);
      if (shown !== source) replace(at, end, shown);
      at = end;
    }
  }
  return kept === 0 ? text : out.join('') + text.slice(kept);
}

function rewriteWord<C>(source: string, frame: Frame<C> | undefined, context: C, visitor: JsonVisitor<C>): string {
  if (source === 'true' || source === 'false' || source === 'null') return source;
  if (source.length < 400 && source.trim() !== '' && Number.isFinite(Number(source))) {
    const shown = visitor.number(source, nameOf(frame), context);
    return shown === null ? source : JSON.stringify(shown);
  }
  return visitor.other(source, context);
}

function nameOf<C>(frame: Frame<C> | undefined): string | null {
  if (frame === undefined) return null;
  if (frame.isArray) return frame.index === 1 && headerPairs.has(frame.label?.toLowerCase() ?? '') ? frame.label : null;
  return frame.key === 'value' && frame.label !== null ? frame.label : frame.key;
}

/** Fields whose names make a list `[name, value]` a header; other lists of two strings are just lists. */
const headerPairs: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'dpop',
  'x-api-key',
  'api-key',
  'mcp-session-id',
  'x-mcp-proxy-auth',
  'x-mcp-remote-auth',
]);

function label<C>(frame: Frame<C> | undefined, value: string): void {
  if (frame === undefined) return;
  if (frame.isArray ? frame.index === 0 : frame.key === 'name') frame.label = value;
}

/** Offset just behind the closing quote; the end of the text when there is none. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = at;
    while (text.charCodeAt(slashes - 1) === BACKSLASH && slashes > start) slashes--;
    if ((at - slashes) % 2 === 0) return at + 1;
  }
  return text.length;
}

function decode(text: string, start: number, end: number): string {
  const closed = end - start > 1 && text[end - 1] === '"';
  const inner = text.slice(start + 1, closed ? end - 1 : end);
  if (!inner.includes('\\')) return inner;
  try {
    const value: unknown = JSON.parse(`"${inner}"`);
    return typeof value === 'string' ? value : inner;
  } catch {
    return inner.replaceAll('\\"', '"').replaceAll('\\/', '/').replaceAll('\\n', '\n').replaceAll('\\\\', '\\');
  }
}

function endOfWord(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && !endsWord(text.charCodeAt(at))) at++;
  while (at > start + 1 && isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

function afterSpace(text: string, start: number): number {
  let at = start;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function endsWord(code: number): boolean {
  return (
    code === QUOTE ||
    code === COMMA ||
    code === COLON ||
    code === OPEN_BRACKET ||
    code === CLOSE_BRACKET ||
    code === OPEN_BRACE ||
    code === CLOSE_BRACE
  );
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
