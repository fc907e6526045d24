/**
 * Model APIs stream a tool's arguments in pieces of JSON text. Taken one by one
 * the pieces mean nothing; so each run of them is written into its first event,
 * and the others become empty: joined, they say the same.
 */

interface Fragment {
  readonly payload: number;
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly text: string;
}

/** Gathers the argument fragments of an event stream's data texts; texts without any come back as they are. */
export function gatherFragments(payloads: readonly string[]): readonly string[] {
  if (!payloads.some(mayHoldFragment)) return payloads;
  const parsed = payloads.map((payload) => (mayHoldFragment(payload) ? parse(payload) : null));
  const runs = new Map<string, Fragment[]>();
  for (const [payload, value] of parsed.entries()) {
    const fragment = value === null ? null : findFragment(value, payload, '', 0);
    if (fragment === null) continue;
    const known = runs.get(fragment.run);
    if (known === undefined) runs.set(fragment.run, [fragment]);
    else known.push(fragment);
  }
  const changed = new Set<number>();
  for (const run of runs.values()) {
    if (run.length < 2) continue;
    const whole = run.map((fragment) => fragment.text).join('');
    for (const [index, fragment] of run.entries()) {
      fragment.holder[fragment.key] = index === 0 ? whole : '';
      if (fragment.text !== fragment.holder[fragment.key]) changed.add(fragment.payload);
    }
  }
  return payloads.map((payload, index) => (changed.has(index) ? JSON.stringify(parsed[index]) : payload));
}

const marks = ['partial_json', 'inputTextDelta', 'arguments'];

function mayHoldFragment(payload: string): boolean {
  return payload.length < 1_000_000 && marks.some((mark) => payload.includes(mark));
}

function parse(payload: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(payload);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The first fragment in a data object, with a name for the run it belongs to. */
function findFragment(
  object: Record<string, unknown>,
  payload: number,
  run: string,
  depth: number,
): (Fragment & { readonly run: string }) | null {
  if (depth > 6) return null;
  const { type, index, item_id: item, toolCallId: call } = object;
  const here = `${run}/${[index, item, call].filter((one) => typeof one === 'string' || typeof one === 'number').join(',')}`;
  const key = fragmentKey(object, typeof type === 'string' ? type : '');
  const text = key === null ? null : object[key];
  if (key !== null && typeof text === 'string') return { payload, holder: object, key, text, run: here };
  for (const value of Object.values(object)) {
    for (const inner of Array.isArray(value) ? value.slice(0, 8) : [value]) {
      const found = isObject(inner) ? findFragment(inner, payload, here, depth + 1) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

function fragmentKey(object: Record<string, unknown>, type: string): string | null {
  if (Object.hasOwn(object, 'partial_json')) return 'partial_json';
  if (Object.hasOwn(object, 'inputTextDelta')) return 'inputTextDelta';
  if (type.endsWith('arguments.delta')) return 'delta';
  // A chat completion's piece; the Responses API's last event holds all arguments under the same name.
  return Object.hasOwn(object, 'arguments') && type !== 'function_call' && !type.endsWith('arguments.done')
    ? 'arguments'
    : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
