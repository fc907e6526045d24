import type { Exchange } from '../../../exchange/exchange.ts';
import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { span } from '../view/claims.ts';
import type { FlowGroup, FlowRow, Mark } from '../view/flow.ts';
import { type FlowLine, lineHeights } from '../view/lines.ts';
import { host } from '../view/words.ts';
import { useStore } from './context.ts';
import { LaneArrow, type LanePlaces } from './lanes.tsx';
import { NoteMark } from './note-on-exchange.tsx';
import { RanIn } from './ran-in.tsx';
import { Took } from './took.tsx';

/** Element id of a line, for `aria-activedescendant`. */
export function lineId(key: string): string {
  return `line-${key}`;
}

interface Place {
  readonly id: string;
  readonly top: number;
  readonly selected: boolean;
  readonly lanes: LanePlaces;
}

interface Props {
  readonly line: FlowLine;
  readonly top: number;
  readonly selected: boolean;
  readonly lanes: LanePlaces;
}

export function FlowLineView({ line, top, selected, lanes }: Props) {
  const place = { id: lineId(line.key), top, selected, lanes };
  switch (line.kind) {
    case 'row':
      return <RowLine row={line.row} place={place} lineKey={line.key} />;
    case 'group':
      return <GroupLine group={line.group} open={line.open} shown={line.shown} place={place} lineKey={line.key} />;
    case 'pages':
      return <PagesLine rows={line.rows} open={line.open} place={place} lineKey={line.key} />;
    case 'gap':
      return (
        <div class="gap" role="presentation" style={position(place, 'gap')}>
          {strings.flow.gap(span(line.ms))}
        </div>
      );
  }
}

function position({ top }: Place, kind: FlowLine['kind']) {
  return { transform: `translateY(${top}px)`, height: `${lineHeights[kind]}px` };
}

function RowLine({ row, place, lineKey }: { row: FlowRow; place: Place; lineKey: string }) {
  const { flow, selectEntry, selectedLine, tab, index, selectOutcome } = useStore();
  const { exchange } = row;
  const { status } = exchange.response;
  const layout = flow.value;
  if (layout === null) return null;
  const seconds = ((exchange.sent - layout.start) / 1000).toFixed(2);
  const where =
    layout.lanes.crowded && row.role !== null ? host(row.role.server ?? row.role.issuer ?? exchange.url) : '';
  const choose = (): void => {
    selectEntry(exchange.entry);
    selectedLine.value = lineKey;
  };
  const showFinding = (): void => {
    const [first] = index.value?.findings.get(exchange.entry) ?? [];
    const outcome = first === undefined ? undefined : index.value?.outcomes[first];
    if (outcome === undefined) return;
    tab.value = 'finding';
    selectOutcome(outcome);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of its lines
    // biome-ignore lint/a11y/useFocusableInteractive: the tree holds the focus (aria-activedescendant)
    <div
      id={place.id}
      class={`row ${place.selected ? 'selected' : ''} ${row.role === null ? 'outside' : ''}`}
      role="treeitem"
      aria-level={row.group === null ? 1 : 2}
      aria-selected={place.selected}
      data-entry={exchange.entry}
      data-status={status}
      style={position(place, 'row')}
      onClick={choose}
      onDblClick={showFinding}
    >
      <span class="time">{seconds}</span>
      <LaneArrow row={row} places={place.lanes} />
      <span class="what">
        <NoteMark entry={exchange.entry} />
        <RanIn exchange={exchange} />
        {visibleLine(row.what)} {row.note !== '' && <em>{visibleLine(row.note)}</em>}
        {where !== '' && <em class="where"> {visibleLine(where)}</em>}
      </span>
      <Took exchange={exchange} />
      <StatusCode exchange={exchange} />
      {row.mark === null ? <span /> : <LevelMark level={row.mark} />}
    </div>
  );
}

/** The status; a dot while none has come, a cross when none will. */
function StatusCode({ exchange }: { exchange: Exchange }) {
  const { pending, response } = exchange;
  const { status } = response;
  if (status === 0 && pending) return <span class="status">…</span>;
  return <span class={status >= 400 || status === 0 ? 'status bad' : 'status'}>{status === 0 ? '×' : status}</span>;
}

/** Says that a finding rests on the line, and how grave it is. */
function LevelMark({ level }: { level: Mark }) {
  const word = strings.flow.marks[level];
  return <span class={`mark ${level}`} role="img" aria-label={word} title={word} />;
}

interface GroupProps {
  readonly group: FlowGroup;
  readonly open: boolean;
  readonly shown: number;
  readonly place: Place;
  readonly lineKey: string;
}

function GroupLine({ group, open, shown, place, lineKey }: GroupProps) {
  const { toggleFold, selectedLine } = useStore();
  const toggle = (): void => {
    selectedLine.value = lineKey;
    toggleFold(group.id);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of its lines
    // biome-ignore lint/a11y/useFocusableInteractive: the tree holds the focus (aria-activedescendant)
    <div
      id={place.id}
      class={`group ${place.selected ? 'selected' : ''}`}
      role="treeitem"
      aria-level={1}
      aria-expanded={open}
      aria-selected={place.selected}
      data-group={group.id}
      style={position(place, 'group')}
      onClick={toggle}
    >
      <span class={open ? 'fold open' : 'fold'} aria-hidden="true" />
      <b>{group.title}</b>
      <span class="note">{visibleLine(group.note)}</span>
      <span class="count">{strings.flow.count(shown)}</span>
      {!open && group.mark !== null && <LevelMark level={group.mark} />}
    </div>
  );
}

interface PagesProps {
  readonly rows: readonly FlowRow[];
  readonly open: boolean;
  readonly place: Place;
  readonly lineKey: string;
}

function PagesLine({ rows, open, place, lineKey }: PagesProps) {
  const { flow, toggleFold, selectedLine } = useStore();
  const [first] = rows;
  if (flow.value === null || first === undefined) return null;
  const toggle = (): void => {
    selectedLine.value = lineKey;
    toggleFold(lineKey);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of its lines
    // biome-ignore lint/a11y/useFocusableInteractive: the tree holds the focus (aria-activedescendant)
    <div
      id={place.id}
      class={`row outside ${place.selected ? 'selected' : ''}`}
      role="treeitem"
      aria-level={2}
      aria-expanded={open}
      aria-selected={place.selected}
      style={position(place, 'pages')}
      onClick={toggle}
    >
      <span class="time">{((first.exchange.sent - flow.value.start) / 1000).toFixed(2)}</span>
      <LaneArrow row={first} places={place.lanes} />
      <span class="what">
        <span class={open ? 'fold open' : 'fold'} aria-hidden="true" /> {strings.flow.pages(rows.length)}
      </span>
    </div>
  );
}
