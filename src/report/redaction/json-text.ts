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
  const out: string[] = [];
  let frame: Frame<C> | undefined;
  let at = 0;
  const context = (): C => frame?.context ?? visitor.root;
  while (at < text.length) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      const value = decode(text, at, end);
      const isKey = frame !== undefined && !frame.isArray && text[afterSpace(text, end)] === ':';
      let shown: string;
      if (isKey && frame !== undefined) {
        shown = visitor.key(value, context());
        frame.key = value;
      } else {
        shown = visitor.string(value, nameOf(frame), context());
        label(frame, value);
      }
      const source = text.slice(at, end);
      out.push(shown === value ? source : JSON.stringify(shown));
      at = end;
    } else if (character === '{' || character === '[') {
      const inner: C = visitor.enter(
        context(),
        frame === undefined || frame.isArray ? null : frame.key,
        character === '[',
      );
      frame = { context: inner, isArray: character === '[', key: null, label: null, index: 0 };
      frames.push(frame);
      out.push(character);
      at++;
    } else if (character === '}' || character === ']') {
      frames.pop();
      frame = frames[frames.length - 1];
      out.push(character);
      at++;
    } else if (character === ',' || character === ':' || isSpace(character)) {
      if (character === ',' && frame !== undefined) {
        frame.key = null;
        frame.index++;
      }
      out.push(character ?? '');
      at++;
    } else {
      const end = endOfWord(text, at);
      const source = text.slice(at, end);
      out.push(rewriteWord(source, frame, context(), visitor));
      at = end;
    }
  }
  return out.join('');
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
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at + 1;
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
  while (at < text.length && !'{}[],:"'.includes(text[at] ?? '')) at++;
  while (at > start + 1 && isSpace(text[at - 1])) at--;
  return at;
}

function afterSpace(text: string, start: number): number {
  let at = start;
  while (isSpace(text[at])) at++;
  return at;
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}
