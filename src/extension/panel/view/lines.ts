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
  | { readonly kind: 'gap'; readonly key: string; readonly ms: number };

/** Heights in CSS pixels. */
export const lineHeights: Readonly<Record<FlowLine['kind'], number>> = { row: 22, group: 24, gap: 18 };

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
    if (open) for (const row of rows) put(row);
    else last = rows.reduce((end, row) => Math.max(end, row.exchange.answered), first.exchange.answered);
  }
  return lines;
}
