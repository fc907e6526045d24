import { parseJson } from './json.ts';

/** A tool call that a model asked for. */
export interface ToolCall {
  readonly callId: string | null;
  readonly name: string;
  /** The arguments: JSON where they are JSON, else their text. */
  readonly args: unknown;
}

interface Draft {
  callId: string | null;
  name: string | null;
  args: unknown;
  readonly fragments: string[];
}

/**
 * Gathers tool calls, whole or in fragments. A key names one call within one response: its id, or the
 * index a stream gives it.
 */
export class ToolCalls {
  private readonly drafts = new Map<string, Draft>();
  private anonymous = 0;

  /** Adds what an event says of a call; later non-null facts complete earlier ones. */
  put(key: string, facts: { callId?: string | null; name?: string | null; args?: unknown }): void {
    const draft = this.draft(key);
    draft.callId = facts.callId ?? draft.callId;
    if (facts.name != null && facts.name !== '') draft.name = facts.name;
    if (facts.args !== undefined && !isEmpty(facts.args)) draft.args = facts.args;
  }

  /** Adds a call that stands whole in one place. Repetitions of an id are one call. */
  add(callId: string | null, name: string | null, args: unknown): void {
    if (name === null) return;
    this.anonymous += 1;
    this.put(callId === null ? `anonymous ${this.anonymous}` : `id ${callId}`, { callId, name, args });
  }

  /** Adds a fragment of a call's arguments. */
  append(key: string, fragment: string): void {
    this.draft(key).fragments.push(fragment);
  }

  /** The calls that have a name, in order of appearance, each id once. */
  list(): ToolCall[] {
    const calls: { callId: string | null; name: string; args: unknown }[] = [];
    const known = new Map<string, number>();
    for (const draft of this.drafts.values()) {
      if (draft.name === null) continue;
      const args = readArguments(draft.args ?? draft.fragments.join(''));
      const call = { callId: draft.callId, name: draft.name, args };
      const index = draft.callId === null ? undefined : known.get(draft.callId);
      const earlier = index === undefined ? undefined : calls[index];
      if (earlier !== undefined) {
        if (isEmpty(earlier.args)) earlier.args = args;
        continue;
      }
      if (draft.callId !== null) known.set(draft.callId, calls.length);
      calls.push(call);
    }
    return calls;
  }

  private draft(key: string): Draft {
    const known = this.drafts.get(key);
    if (known !== undefined) return known;
    const draft: Draft = { callId: null, name: null, args: undefined, fragments: [] };
    this.drafts.set(key, draft);
    return draft;
  }
}

/** Streams open a call with `{}` or an empty string, before its arguments come. */
function isEmpty(args: unknown): boolean {
  if (args === '' || args === null) return true;
  return typeof args === 'object' && args !== null && !Array.isArray(args) && Object.keys(args).length === 0;
}

function readArguments(args: unknown): unknown {
  if (typeof args !== 'string') return args;
  if (args.trim() === '') return {};
  return parseJson(args) ?? args;
}
