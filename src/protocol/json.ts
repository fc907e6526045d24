export { rangeOfMember } from './json-range.ts';

/** A JSON object. Read it with the functions below: they see own members only, so `__proto__` is data. */
export type JsonObject = { readonly [key: string]: unknown };

/** How deep `canonicalJson` looks; no argument list of a tool is that deep. */
const depthLimit = 500;

/** How many broken parts a stream may have. */
const refusalLimit = 1000;

/** The JSON value of a text (RFC 8259; a leading BOM is ignored), undefined when the text is not JSON. */
export function parseJson(text: string): unknown | undefined {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

/**
 * The JSON objects and arrays among the parts of a stream; other parts are left out. A refused part costs far
 * more than its length, so a stream with a thousand of them is read no further.
 */
export function parseJsonParts(parts: Iterable<string>): unknown[] {
  const values: unknown[] = [];
  let refused = 0;
  for (const part of parts) {
    if (!mayBeJson(part)) continue;
    const value = parseJson(part);
    if (value !== undefined) values.push(value);
    else refused += 1;
    if (refused >= refusalLimit) break;
  }
  return values;
}

/** Whether the first character can begin an object or array, which is all that streams carry. */
function mayBeJson(text: string): boolean {
  const start = text.trimStart().charAt(0);
  return start === '{' || start === '[';
}

/** The value as an object; null for arrays, null and everything else. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** An own member's value, undefined when it is absent. */
export function member(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The objects among some values. */
export function objectsOf(values: readonly unknown[]): JsonObject[] {
  return values.map(asObject).filter((object) => object !== null);
}

/** An own member that is a string, else null. */
export function stringMember(object: JsonObject, key: string): string | null {
  const value = member(object, key);
  return typeof value === 'string' ? value : null;
}

/** The strings of an own member that is an array (other items dropped), null when it is absent or no array. */
export function stringsMember(object: JsonObject, key: string): string[] | null {
  const value = arrayMember(object, key);
  return value === null ? null : value.filter((item): item is string => typeof item === 'string');
}

/** An own member that is a finite number, else null. */
export function numberMember(object: JsonObject, key: string): number | null {
  const value = member(object, key);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** An own member that is a boolean, else null. */
export function booleanMember(object: JsonObject, key: string): boolean | null {
  const value = member(object, key);
  return typeof value === 'boolean' ? value : null;
}

/** An own member that is an object, else null. */
export function objectMember(object: JsonObject, key: string): JsonObject | null {
  return asObject(member(object, key));
}

/** An own member that is an array, else null. */
export function arrayMember(object: JsonObject, key: string): readonly unknown[] | null {
  const value = member(object, key);
  return Array.isArray(value) ? value : null;
}

/**
 * JSON with sorted keys and no white space: equal values give equal text, whatever the order of their
 * members. What lies deeper than 500 levels, refers to itself, or JSON cannot say, becomes `null`.
 */
export function canonicalJson(value: unknown): string {
  const parts: string[] = [];
  const open = new Set<object>();
  const write = (item: unknown): void => {
    if (item === null || typeof item !== 'object') {
      parts.push(scalar(item));
      return;
    }
    if (open.has(item) || open.size >= depthLimit) {
      parts.push('null');
      return;
    }
    open.add(item);
    if (Array.isArray(item)) {
      parts.push('[');
      item.forEach((element, index) => {
        if (index > 0) parts.push(',');
        write(element);
      });
      parts.push(']');
    } else {
      const object = item as JsonObject;
      parts.push('{');
      let first = true;
      for (const key of Object.keys(object).sort()) {
        if (object[key] === undefined) continue;
        if (!first) parts.push(',');
        first = false;
        parts.push(JSON.stringify(key), ':');
        write(object[key]);
      }
      parts.push('}');
    }
    open.delete(item);
  };
  write(value);
  return parts.join('');
}

function scalar(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  return JSON.stringify(value) ?? 'null';
}
