import type { Flow, FlowGroup, FlowRow } from './flow.ts';
import { rowMatches, type Term } from './search.ts';
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
export const lineHeights: Readonly<Record<FlowLine['kind'], number>> = { row: 22, group: 24, pages: 22, gap: 18 };

/** A silence of this many milliseconds is told. */
const longSilence = 5_000;

/** Applies search and folds; a group without a matching row is left out. */
export function flowLines(
  flow: Flow,
  index: StoryIndex,
  terms: readonly Term[],
  folded: ReadonlySet<string>,
): readonly FlowLine[] {
  const matches = (row: FlowRow): boolean => {
    if (terms.length === 0) return true;
    const rests = index.findings.get(row.exchange.entry) ?? [];
    const outcomes = rests.flatMap((at) => index.outcomes[at] ?? []);
    return rowMatches(row, outcomes, terms);
  };
  const lines: FlowLine[] = [];
  let last = Number.NaN;
  const pause = (row: FlowRow): void => {
    const ms = row.exchange.sent - last;
    if (ms >= longSilence) lines.push({ kind: 'gap', key: `gap-${row.exchange.entry}`, ms });
  };
  const put = (row: FlowRow): void => {
    lines.push({ kind: 'row', key: `row-${row.exchange.entry}`, row });
    last = Math.max(Number.isNaN(last) ? row.exchange.answered : last, row.exchange.answered);
  };
  const putRows = (rows: readonly FlowRow[]): void => {
    for (let at = 0; at < rows.length; ) {
      let end = at;
      while (rows[end]?.role?.kind === 'authorization-page') end += 1;
      const [first] = rows.slice(at, end);
      if (first === undefined || end - at < 2) {
        for (const row of rows.slice(at, Math.max(end, at + 1))) put(row);
        at = Math.max(end, at + 1);
        continue;
      }
      const id = pagesId(first);
      const open = folded.has(id);
      lines.push({ kind: 'pages', key: id, rows: rows.slice(at, end), open });
      for (const row of rows.slice(at, end)) {
        if (open) put(row);
        else last = Math.max(last, row.exchange.answered);
      }
      at = end;
    }
  };
  for (const item of flow.items) {
    if (item.kind === 'row') {
      if (!matches(item)) continue;
      pause(item);
      put(item);
      continue;
    }
    const rows = item.rows.filter(matches);
    const [first] = rows;
    if (first === undefined) continue;
    pause(first);
    const open = !folded.has(item.id);
    lines.push({ kind: 'group', key: `group-${item.id}`, group: item, open, shown: rows.length });
    if (open) putRows(rows);
    else last = rows.reduce((end, row) => Math.max(end, row.exchange.answered), first.exchange.answered);
  }
  return lines;
}

/** Name of a fold of pages; unlike a group it is folded until it is toggled. */
function pagesId(first: FlowRow): string {
  return `pages-${first.exchange.entry}`;
}
