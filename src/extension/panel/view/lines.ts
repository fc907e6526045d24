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
  for (const entry of flow.entries) {
    const at = flow.groupAt(entry);
    const group = flow.groups[at];
    if (group === undefined) {
      if (matches === null || matches(entry)) draft.row(entry, true);
    } else if (placed[at] === 0) {
      placed[at] = 1;
      draft.group(at, matches === null ? group.entries : group.entries.filter(matches));
    }
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
  /** Each row may have a silence before it, each group and run of pages a line of its own. */
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
    const room = flow.entries.length + 2 * flow.groups.length + 64;
    this.#kinds = new Uint8Array(room);
    this.#of = new Int32Array(room);
  }

  row(entry: number, alone: boolean): void {
    if (alone) this.#pause(entry);
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
    } else this.#rows(entries);
  }

  #rows(entries: readonly number[]): void {
    for (let at = 0; at < entries.length; ) {
      let end = at;
      while (end < entries.length && this.#isPage(entries[end])) end += 1;
      const run = entries.slice(at, end);
      if (run.length < 2) {
        const until = Math.max(end, at + 1);
        for (const entry of entries.slice(at, until)) this.row(entry, false);
        at = until;
        continue;
      }
      const open = this.#folded.has(pagesId(run[0]));
      this.#put(pages, this.#runs.push(run) - 1);
      for (const entry of run) {
        if (open) this.row(entry, false);
        else this.#passed(entry);
      }
      at = end;
    }
  }

  #isPage(entry: number | undefined): boolean {
    return entry !== undefined && this.#index.role(entry)?.kind === 'authorization-page';
  }

  #pause(entry: number): void {
    const ms = this.#flow.times.sent(entry) - this.#last;
    if (ms >= longSilence) this.#put(gap, entry, ms);
  }

  #passed(entry: number): void {
    const answered = this.#flow.times.answered(entry);
    if (!(this.#last >= answered)) this.#last = answered;
  }

  readonly #silences = new Map<number, number>();

  #put(kind: 0 | 1 | 2 | 3, of: number, ms = 0): void {
    if (this.#length === this.#of.length) this.#grow();
    this.#kinds[this.#length] = kind;
    this.#of[this.#length] = of;
    this.#length += 1;
    if (kind === gap) this.#silences.set(of, ms);
  }

  #grow(): void {
    const kindsBefore = this.#kinds;
    const before = this.#of;
    this.#kinds = new Uint8Array(before.length * 2);
    this.#of = new Int32Array(before.length * 2);
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
