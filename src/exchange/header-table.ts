import { ByteTable } from './byte-table.ts';
import type { HeaderField } from './exchange.ts';
import { textOf } from './json-bytes.ts';

/**
 * Header fields as HAR writes them, `{"name":...,"value":...}`: the same bytes are kept once,
 * for a browser sends the same twenty with every request.
 */
export class HeaderTable extends ByteTable {
  readonly #recent = new Map<number, HeaderField | null>();

  /** The field of that number; null when its bytes are no object of a name and a value. */
  field(number: number): HeaderField | null {
    const known = this.#recent.get(number);
    if (known !== undefined) return known;
    if (this.#recent.size >= RECENT) this.#recent.clear();
    const bytes = this.bytes(number);
    const field = readField(textOf(bytes, 0, bytes.length));
    this.#recent.set(number, field);
    return field;
  }
}

/** Fields that are kept parsed. */
const RECENT = 4096;

function readField(json: string): HeaderField | null {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const { name, value: text } = value as { readonly name?: unknown; readonly value?: unknown };
    return typeof name === 'string' && typeof text === 'string' ? { name, value: text } : null;
  } catch {
    return null;
  }
}
