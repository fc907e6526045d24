import { strings } from '../strings.ts';
import { lanes as allLanes, type FlowRow, type Lane } from '../view/flow.ts';

const height = 22;

/** Where each lane stands, in pixels from the left. */
export function lanePositions(lanes: readonly Lane[]): {
  readonly at: ReadonlyMap<Lane, number>;
  readonly width: number;
} {
  const gap = lanes.length > 3 ? 48 : 62;
  const at = new Map(lanes.map((lane, place) => [lane, 18 + place * gap]));
  return { at, width: 18 + (lanes.length - 1) * gap + 22 };
}

/** The names above the lanes. */
export function LaneHeads({ lanes }: { lanes: readonly Lane[] }) {
  const { at, width } = lanePositions(lanes);
  return (
    <div class="lane-heads" aria-hidden="true">
      <span class="time">{strings.flow.seconds}</span>
      <svg width={width} height={20} viewBox={`0 0 ${width} 20`} aria-hidden="true">
        {lanes.map((lane) => (
          <text key={lane} x={at.get(lane)} y={14} text-anchor="middle">
            {strings.flow.lanes[lane]}
            <title>{strings.flow.laneNames[lane]}</title>
          </text>
        ))}
      </svg>
    </div>
  );
}

/** One exchange as an arrow from who sent it to who received it. */
export function LaneArrow({ row, lanes }: { row: FlowRow; lanes: readonly Lane[] }) {
  const { at, width } = lanePositions(lanes);
  const from = at.get(row.from) ?? 0;
  const to = at.get(row.to) ?? from;
  const way = to > from ? 1 : -1;
  const { status } = row.exchange.response;
  const tone = status === 0 || status >= 400 ? 'bad' : status >= 300 ? 'redirect' : 'good';
  const middle = height / 2;
  return (
    <svg class={`arrow ${tone}`} width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {allLanes.map((lane) => {
        const x = at.get(lane);
        return x === undefined ? null : <line key={lane} class="lane" x1={x} x2={x} y1={0} y2={height} />;
      })}
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
