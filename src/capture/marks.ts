import { asObject, endOf, fieldOf, type Json, startOf, textOf } from './har-json.ts';
import { isTextBody } from './union.ts';

/** What tells a request from others like it: what it carries (code, JSON-RPC id, credential), its answer, its time. */
export interface Marks {
  readonly start: number;
  readonly end: number;
  readonly open: boolean;
  /** Only its answer was seen: `start` is when that began. */
  readonly glimpsed: boolean;
  /** When its answer began. */
  readonly answer: number;
  readonly asked: readonly (string | null)[];
  readonly answered: readonly (string | null)[];
  readonly status: unknown;
  /** The body as it was recorded, and a form's by its fields; null where no record of it is kept. */
  readonly body: string | null;
  readonly fields: string | null;
}

export function marksOf(entry: Json): Marks {
  const request = asObject(entry.request);
  const response = asObject(entry.response);
  const postData = asObject(request.postData);
  return {
    start: startOf(entry),
    end: endOf(entry),
    open: entry._pending === true,
    glimpsed: entry._glimpsed === true,
    answer: answerOf(entry),
    asked: askedFields.map((name) => fieldOf(request, name)),
    answered: answeredFields.map((name) => fieldOf(response, name)),
    status: response.status,
    body: isTextBody(postData) ? textOf(postData.text) : null,
    fields: isTextBody(postData) ? plainForm(postData) : null,
  };
}

function answerOf(entry: Json): number {
  const { receive } = asObject(entry.timings);
  return endOf(entry) - (typeof receive === 'number' && receive > 0 ? receive : 0);
}

const askedFields = ['authorization', 'dpop', 'mcp-session-id', 'access-control-request-method'];
const answeredFields = ['etag', 'mcp-session-id', 'date'];

/** Whether two records cannot be of the same request. */
export function contradict(one: Marks, other: Marks): boolean {
  if (differ(one.asked, other.asked)) return true;
  if (one.status && other.status && one.status !== other.status) {
    // A revalidated answer is 304 on the wire and 200 in the log.
    if (one.status !== 304 && other.status !== 304) return true;
  }
  return differ(one.answered, other.answered) || contradictBodies(one, other);
}

export function contradictBodies(one: Marks, other: Marks): boolean {
  if (one.body === null || other.body === null) return false;
  return one.body !== other.body && one.fields !== other.fields;
}

function differ(some: readonly (string | null)[], others: readonly (string | null)[]): boolean {
  return some.some((value, at) => value !== null && others[at] !== null && value !== others[at]);
}

/** A form by its fields: the browsers write the same form in more than one way. */
function plainForm({ mimeType, text }: Json): string {
  if (!textOf(mimeType).toLowerCase().startsWith('application/x-www-form-urlencoded')) return textOf(text);
  const form = new URLSearchParams(textOf(text));
  form.sort();
  return form.toString();
}
