import type { Exchange } from '../../../exchange/exchange.ts';
import { OrdinaryExchange } from '../../../exchange/ordinary-exchange.ts';
import type { Role } from '../../../story/model.ts';
import { type Walk, walked } from '../../../story/walk.ts';
import { type Group, gatherGroups } from './groups.ts';
import { type Lanes, lanesOf } from './lanes.ts';
import type { StoryIndex } from './story-index.ts';
import { TimeOrder } from './time-order.ts';
import { inWords } from './words.ts';

export type Mark = 'error' | 'warning' | 'note' | 'informational';

export interface FlowRow {
  readonly exchange: Exchange;
  readonly role: Role | null;
  /** Index in `Lanes.all`. */
  readonly from: number;
  readonly to: number;
  readonly what: string;
  readonly note: string;
  /** Highest level among the findings that rest on it. */
  readonly mark: Mark | null;
  /** Id of the group it stands in. */
  readonly group: string | null;
}

export interface FlowGroup extends Group {
  /** Its rows' entries in time order. */
  readonly entries: readonly number[];
  readonly mark: Mark | null;
}

/** An analysis laid out in time: which entries are rows, in what order and in which group. Rows are drawn up when asked for. */
export interface Flow {
  /** Entries of all rows, in time order. */
  readonly entries: Int32Array;
  readonly groups: readonly FlowGroup[];
  /** By entry: index in `groups`; -1 for one that stands alone. */
  readonly groupAt: Int32Array;
  readonly lanes: Lanes;
  /** When the first exchange was sent, milliseconds since the epoch. */
  readonly start: number;
  /** By entry: when it was sent and answered, milliseconds since the epoch. */
  readonly sent: Float64Array;
  readonly answered: Float64Array;
  row(entry: number): FlowRow | null;
}

/**
 * Lays an analysis out in time. With `all`, exchanges outside the story (documents, scripts,
 * preflights) are rows too. `order` may be one that knows an earlier state of the same session.
 */
export function layOutFlow(index: StoryIndex, all: boolean, order = new TimeOrder()): Flow {
  const { exchanges } = index;
  const inTime = order.of(exchanges);
  const { sent, answered } = order;
  const wanted = storyEntries(index);
  const entries = all ? inTime.slice() : keep(inTime, wanted);
  const lanes = lanesOf(index);
  const groups: FlowGroup[] = [];
  const groupAt = new Int32Array(exchanges.length).fill(-1);
  for (const group of gatherGroups(index, lanes.crowded)) {
    const rows = group.entries.filter((entry) => exchanges[entry] !== undefined);
    rows.sort((a, b) => (sent[a] ?? 0) - (sent[b] ?? 0) || a - b);
    for (const entry of rows) groupAt[entry] = groups.length;
    groups.push({ ...group, entries: rows, mark: gravest(rows.map((entry) => markOf(entry, index))) });
  }
  if (all)
    for (const [at, strangers] of meanwhile(groups, inTime, sent, wanted)) {
      const group = groups[at];
      if (group === undefined) continue;
      for (const entry of strangers) groupAt[entry] = at;
      const rows = [...group.entries, ...strangers].sort((a, b) => (sent[a] ?? 0) - (sent[b] ?? 0) || a - b);
      groups[at] = { ...group, entries: rows };
    }
  const known = new Map<number, FlowRow>();
  return {
    entries,
    groups,
    groupAt,
    lanes,
    start: sent[entries[0] ?? -1] ?? 0,
    sent,
    answered,
    row(entry) {
      const kept = exchanges[entry];
      if (kept === undefined) return null;
      const drawn = known.get(entry);
      if (drawn !== undefined) return drawn;
      // Put together once, not for every field that is asked for.
      const exchange = kept instanceof OrdinaryExchange ? kept.whole() : kept;
      const role = index.role(entry);
      const [from, to] = lanes.between(role);
      const mark = markOf(entry, index);
      const group = groups[groupAt[entry] ?? -1]?.id ?? null;
      const row: FlowRow = { exchange, role, from, to, ...inWords(exchange, index), mark, group };
      // A search may draw up every row once; the few in view are asked for again and again.
      if (known.size >= mostKnown) known.clear();
      known.set(entry, row);
      return row;
    },
  };
}

const mostKnown = 500;

/**
 * What was sent while a group went on and is no part of the story: it is shown in that group, so that time runs down
 * there too. Of groups at the same time the first takes it.
 */
function* meanwhile(
  groups: readonly FlowGroup[],
  inTime: Int32Array,
  sent: Float64Array,
  wanted: Uint8Array,
): Generator<readonly [group: number, entries: readonly number[]]> {
  const begins = groups.map(({ entries }) => sent[entries[0] ?? -1] ?? Number.NaN);
  const order = [...groups.keys()].sort((a, b) => (begins[a] ?? 0) - (begins[b] ?? 0));
  let place = 0;
  for (const at of order) {
    const begin = begins[at] ?? 0;
    // What has no time stands where it came.
    if (begin === 0) continue;
    const end = sent[groups[at]?.entries.at(-1) ?? -1] ?? Number.NaN;
    const strangers: number[] = [];
    for (; (sent[inTime[place] ?? -1] ?? Number.NaN) <= end; place += 1) {
      const entry = inTime[place] ?? -1;
      if (wanted[entry] !== 1 && (sent[entry] ?? 0) >= begin) strangers.push(entry);
    }
    if (strangers.length > 0) yield [at, strangers];
  }
}

/** 1 for each entry that plays a part. */
function storyEntries({ exchanges, story }: StoryIndex): Uint8Array {
  const wanted = new Uint8Array(exchanges.length);
  for (const server of story.servers) for (const entry of walked(server, callEntries)) wanted[entry] = 1;
  for (const entry of story.rolesBesideCalls.keys()) wanted[entry] = 1;
  return wanted;
}

/** Entries of a server's calls, gathered call by call as the session grows. */
const callEntries: Walk<number[]> = {
  begin: () => [],
  take: (entries, { exchange }) => void entries.push(exchange.entry),
};

function keep(entries: Int32Array, wanted: Uint8Array): Int32Array {
  const kept = new Int32Array(entries.length);
  let length = 0;
  for (const entry of entries) {
    if (wanted[entry] !== 1) continue;
    kept[length] = entry;
    length += 1;
  }
  return kept.subarray(0, length);
}

function markOf(entry: number, index: StoryIndex): Mark | null {
  const found = index.findings.get(entry);
  if (found === undefined) return null;
  return gravest(
    found.map((at): Mark => {
      const outcome = index.outcomes[at];
      if (outcome?.kind !== 'fail') return 'informational';
      return outcome.level === 'none' ? 'note' : outcome.level;
    }),
  );
}

const gravity: readonly Mark[] = ['error', 'warning', 'note', 'informational'];

function gravest(marks: readonly (Mark | null)[]): Mark | null {
  return gravity.find((mark) => marks.includes(mark)) ?? null;
}
