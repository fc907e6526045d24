import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import type { FlowRow } from '../view/flow.ts';
import type { Lane } from '../view/lanes.ts';

const height = 22;

/** Between two lanes, by how many there are; pixels. */
function gapOf(lanes: readonly Lane[]): number {
  if (lanes.length <= 3) return 62;
  return lanes.length === 4 ? 52 : lanes.length === 5 ? 46 : 40;
}

/** How wide the lanes are together, and where each stands, in pixels from the left. */
function placeLanes(lanes: readonly Lane[]): { readonly at: readonly number[]; readonly width: number } {
  const gap = gapOf(lanes);
  return { at: lanes.map((_, place) => 18 + place * gap), width: 18 + (lanes.length - 1) * gap + 22 };
}

/** The names above the lanes. */
export function LaneHeads({ lanes }: { lanes: readonly Lane[] }) {
  const { at, width } = placeLanes(lanes);
  // About six pixels a letter; the whole name is told on hovering.
  const letters = Math.floor(gapOf(lanes) / 6) - 1;
  return (
    <div class="lane-heads" aria-hidden="true">
      <span class="time">{strings.flow.seconds}</span>
      <svg width={width} height={20} viewBox={`0 0 ${width} 20`} aria-hidden="true">
        {lanes.map((lane, place) => (
          <text key={lane.title} x={at[place]} y={14} text-anchor="middle">
            {shorten(lane.name, letters)}
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
export function LaneArrow({ row, lanes }: { row: FlowRow; lanes: readonly Lane[] }) {
  const { at, width } = placeLanes(lanes);
  const from = at[row.from] ?? 0;
  const to = at[row.to] ?? from;
  const way = to > from ? 1 : -1;
  const { status } = row.exchange.response;
  const tone = status === 0 || status >= 400 ? 'bad' : status >= 300 ? 'redirect' : 'good';
  const middle = height / 2;
  return (
    <svg class={`arrow ${tone}`} width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
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
