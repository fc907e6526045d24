import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import type { FlowRow } from '../view/flow.ts';
import type { Lane } from '../view/lanes.ts';
import { lineHeights } from '../view/lines.ts';

const height = lineHeights.row;

/** Between two lanes, pixels. */
const [leastGap, mostGap] = [36, 62] as const;
/** The lanes' share of the width of the flow. */
const share = 0.26;
const [before, behind] = [18, 22] as const;

/** Where the lanes stand, in pixels from the left, and how wide they are together. */
export interface LanePlaces {
  readonly gap: number;
  readonly at: readonly number[];
  readonly width: number;
}

/** Places the lanes of a flow that is so many pixels wide: as far apart as leaves room for the words. */
export function placeLanes(lanes: readonly Lane[], width: number): LanePlaces {
  const between = Math.max(1, lanes.length - 1);
  const gap = Math.round(Math.min(mostGap, Math.max(leastGap, (width * share - before - behind) / between)));
  return { gap, at: lanes.map((_, place) => before + place * gap), width: before + (lanes.length - 1) * gap + behind };
}

/** The last name reaches as far to the left as there is room on its right. */
const lastLetters = 6;

/** The names above the lanes. */
export function LaneHeads({ lanes, places }: { lanes: readonly Lane[]; places: LanePlaces }) {
  const { at, width, gap } = places;
  // A letter takes six to seven pixels; the whole name is told on hovering.
  const letters = Math.floor((gap - 4) / 6.6);
  return (
    <div class="lane-heads" aria-hidden="true">
      <span class="time">{strings.flow.seconds}</span>
      <svg width={width} height={20} viewBox={`0 0 ${width} 20`} aria-hidden="true">
        {lanes.map((lane, place) => (
          <text key={lane.title} x={at[place]} y={14} text-anchor="middle">
            {shorten(lane.name, place === lanes.length - 1 ? Math.max(letters, lastLetters) : letters)}
            <title>{lane.title}</title>
          </text>
        ))}
      </svg>
    </div>
  );
}

function shorten(name: string, letters: number): string {
  const shown = visibleLine(name);
  return shown.length > letters ? `${shown.slice(0, letters - 1)}…` : shown;
}

/** One exchange as an arrow from who sent it to who received it. */
export function LaneArrow({ row, places }: { row: FlowRow; places: LanePlaces }) {
  const { at, width } = places;
  const from = at[row.from] ?? 0;
  const to = at[row.to] ?? from;
  const way = to > from ? 1 : -1;
  const { status } = row.exchange.response;
  const open = row.exchange.pending ? ' open' : '';
  const tone = (status === 0 && open === '') || status >= 400 ? 'bad' : status >= 300 ? 'redirect' : 'good';
  const middle = height / 2;
  return (
    <svg
      class={`arrow ${tone}${open}`}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      {at.map((x) => (
        <line key={x} class="lane" x1={x} x2={x} y1={0} y2={height} />
      ))}
      <circle cx={from} cy={middle} r={2.5} />
      {to !== from && (
        <>
          <line class="shaft" x1={from} x2={to - 7 * way} y1={middle} y2={middle} />
          <path d={`M${to - 2 * way} ${middle}l${-6 * way}-3.5v7z`} />
        </>
      )}
    </svg>
  );
}
