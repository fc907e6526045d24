import type { Flow, FlowGroup, FlowRow } from './flow.ts';
import type { StoryIndex } from './story-index.ts';

/** One line of the flow as it is drawn; heights are fixed, so that only what is in view need be. */
export type FlowLine =
  | { readonly kind: 'row'; readonly key: string; readonly row: FlowRow }
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly group: FlowGroup;
      readonly open: boolean;
      readonly shown: number;
    }
  /** Consecutive pages of the authorization server: the user's own doing, folded at first. */
  | {
      readonly kind: 'pages';
      readonly key: string;
      readonly rows: readonly FlowRow[];
      readonly open: boolean;
    }
  | { readonly kind: 'gap'; readonly key: string; readonly ms: number };

/** Heights in CSS pixels. */
export const lineHeights: Readonly<Record<FlowLine['kind'], number>> = { row: 20, group: 22, pages: 20, gap: 16 };

/** The lines of the flow, from top to bottom; a line is drawn up when it is asked for. */
export interface Lines {
  readonly length: number;
  at(index: number): FlowLine | null;
  kindAt(index: number): FlowLine['kind'];
  /** Index of the line with this key; -1 when it is not shown. */
  indexOf(key: string): number;
  /** Index of an entry's own line; -1 when it is not shown. */
  indexOfEntry(entry: number): number;
}

/** A silence of this many milliseconds is told. */
const longSilence = 5_000;

/** Applies search (`matches`: null keeps all) and folds; a group without a matching row is left out. */
export function flowLines(
  flow: Flow,
  index: StoryIndex,
  matches: ((entry: number) => boolean) | null,
  folded: ReadonlySet<string>,
): Lines {
  const draft = new Draft(flow, index, folded);
  const placed = new Uint8Array(flow.groups.length);
  const { entries, groupAt, groups } = flow;
  for (let from = 0; from < entries.length; ) {
    let to = from;
    while (to < entries.length && groupAt[entries[to] ?? -1] === -1) to += 1;
    const alone = entries.subarray(from, to);
    draft.rows(matches === null ? alone : alone.filter(matches));
    const at = groupAt[entries[to] ?? -1] ?? -1;
    const group = groups[at];
    if (group !== undefined && placed[at] === 0) {
      placed[at] = 1;
      draft.group(at, matches === null ? group.entries : group.entries.filter(matches));
    }
    from = to + 1;
  }
  return draft.lines();
}

const kinds: readonly FlowLine['kind'][] = ['row', 'group', 'pages', 'gap'];
const [row, group, pages, gap] = [0, 1, 2, 3] as const;

/** Lines as two columns of numbers: their kind, and what they are of. */
class Draft {
  readonly #flow: Flow;
  readonly #index: StoryIndex;
  readonly #folded: ReadonlySet<string>;
  #kinds: Uint8Array;
  #of: Int32Array;
  #length = 0;
  #last = Number.NaN;
  readonly #shown: number[] = [];
  readonly #runs: (readonly number[])[] = [];

  constructor(flow: Flow, index: StoryIndex, folded: ReadonlySet<string>) {
    this.#flow = flow;
    this.#index = index;
    this.#folded = folded;
    const room = 64;
    this.#kinds = new Uint8Array(room);
    this.#of = new Int32Array(room);
  }

  /** Rows that stand alone: nearly all of a long session, so they are put down in one go. */
  rows(entries: Int32Array): void {
    const { sent, answered } = this.#flow;
    this.#reserve(2 * entries.length);
    const kindsOf = this.#kinds;
    const of = this.#of;
    let length = this.#length;
    let last = this.#last;
    for (const entry of entries) {
      const ms = (sent[entry] ?? 0) - last;
      if (ms >= longSilence) {
        this.#silences.set(entry, ms);
        kindsOf[length] = gap;
        of[length] = entry;
        length += 1;
      }
      kindsOf[length] = row;
      of[length] = entry;
      length += 1;
      const end = answered[entry] ?? 0;
      if (!(last >= end)) last = end;
    }
    this.#length = length;
    this.#last = last;
  }

  #row(entry: number): void {
    this.#put(row, entry);
    this.#passed(entry);
  }

  group(at: number, entries: readonly number[]): void {
    const [first] = entries;
    const head = this.#flow.groups[at];
    if (first === undefined || head === undefined) return;
    this.#pause(first);
    this.#put(group, at);
    this.#shown[at] = entries.length;
    if (this.#folded.has(head.id)) {
      for (const entry of entries) this.#passed(entry);
    } else this.#inGroup(entries);
  }

  #inGroup(entries: readonly number[]): void {
    for (let at = 0; at < entries.length; ) {
      let end = at;
      while (end < entries.length && this.#isPage(entries[end])) end += 1;
      const run = entries.slice(at, end);
      if (run.length < 2) {
        const until = Math.max(end, at + 1);
        for (const entry of entries.slice(at, until)) this.#row(entry);
        at = until;
        continue;
      }
      const open = this.#folded.has(pagesId(run[0]));
      this.#put(pages, this.#runs.push(run) - 1);
      for (const entry of run) {
        if (open) this.#row(entry);
        else this.#passed(entry);
      }
      at = end;
    }
  }

  #isPage(entry: number | undefined): boolean {
    return entry !== undefined && this.#index.role(entry)?.kind === 'authorization-page';
  }

  #pause(entry: number): void {
    const ms = (this.#flow.sent[entry] ?? 0) - this.#last;
    if (ms >= longSilence) this.#put(gap, entry, ms);
  }

  #passed(entry: number): void {
    const answered = this.#flow.answered[entry] ?? Number.NaN;
    if (!(this.#last >= answered)) this.#last = answered;
  }

  readonly #silences = new Map<number, number>();

  #put(kind: 0 | 1 | 2 | 3, of: number, ms = 0): void {
    this.#reserve(1);
    this.#kinds[this.#length] = kind;
    this.#of[this.#length] = of;
    this.#length += 1;
    if (kind === gap) this.#silences.set(of, ms);
  }

  /** Makes room for so many more lines. */
  #reserve(more: number): void {
    const room = this.#length + more;
    if (room <= this.#of.length) return;
    const kindsBefore = this.#kinds;
    const before = this.#of;
    const wanted = Math.max(room, before.length * 2);
    this.#kinds = new Uint8Array(wanted);
    this.#of = new Int32Array(wanted);
    this.#kinds.set(kindsBefore);
    this.#of.set(before);
  }

  lines(): Lines {
    return {
      length: this.#length,
      at: (index) => this.#line(index),
      kindAt: (index) => this.#kindAt(index),
      indexOf: (key) => this.#indexOf(key),
      indexOfEntry: (entry) => this.#find(row, entry),
    };
  }

  #kindAt(index: number): FlowLine['kind'] {
    return kinds[this.#kinds[index] ?? 0] ?? 'row';
  }

  #line(index: number): FlowLine | null {
    if (!(index >= 0 && index < this.#length)) return null;
    const of = this.#of[index] ?? -1;
    switch (this.#kinds[index]) {
      case group: {
        const head = this.#flow.groups[of];
        if (head === undefined) return null;
        const open = !this.#folded.has(head.id);
        return { kind: 'group', key: groupKey(head.id), group: head, open, shown: this.#shown[of] ?? 0 };
      }
      case pages: {
        const run = this.#runs[of] ?? [];
        const key = pagesId(run[0]);
        const rows = run.flatMap((entry) => this.#flow.row(entry) ?? []);
        return { kind: 'pages', key, rows, open: this.#folded.has(key) };
      }
      case gap:
        return { kind: 'gap', key: `gap-${of}`, ms: this.#silences.get(of) ?? 0 };
      default: {
        const drawn = this.#flow.row(of);
        return drawn === null ? null : { kind: 'row', key: rowKey(of), row: drawn };
      }
    }
  }

  #indexOf(key: string): number {
    const dash = key.indexOf('-');
    const name = key.slice(dash + 1);
    switch (key.slice(0, dash)) {
      case 'row':
        return this.#find(row, Number(name));
      case 'gap':
        return this.#find(gap, Number(name));
      case 'group':
        return this.#find(
          group,
          this.#flow.groups.findIndex(({ id }) => id === name),
        );
      case 'pages':
        return this.#find(
          pages,
          this.#runs.findIndex(([first]) => first === Number(name)),
        );
      default:
        return -1;
    }
  }

  #find(kind: number, of: number): number {
    if (of < 0) return -1;
    for (let at = this.#of.indexOf(of); at >= 0 && at < this.#length; at = this.#of.indexOf(of, at + 1)) {
      if (this.#kinds[at] === kind) return at;
    }
    return -1;
  }
}

/** Key of an entry's line. */
export function rowKey(entry: number): string {
  return `row-${entry}`;
}

/** Key of a group's line. */
export function groupKey(id: string): string {
  return `group-${id}`;
}

/** Name of a fold of pages; unlike a group it is folded until it is toggled. */
export function pagesId(first: number | undefined): string {
  return `pages-${first}`;
}
