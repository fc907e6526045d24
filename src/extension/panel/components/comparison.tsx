import { useState } from 'preact/hooks';
import { compare, isGraver } from '../../../report/compare.ts';
import { visible, visibleLine } from '../../../report/text.ts';
import type { Outcome } from '../../../rules/outcome.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** Two sessions side by side: which faults are fixed, new, unchanged. */
export function Comparison() {
  const { sessionsWithAnalysis, shownFile } = useStore();
  const say = strings.sessions;
  const sessions = sessionsWithAnalysis.value;
  const shown = Math.max(
    0,
    sessions.findIndex(({ at }) => at === shownFile.value),
  );
  const [after, setAfter] = useState(shown);
  const [before, setBefore] = useState(shown === 0 ? 1 : 0);
  if (sessions.length < 2) {
    return (
      <section>
        <h3>{say.compare}</h3>
        <p class="hint">{say.needTwo}</p>
      </section>
    );
  }
  const [one, other] = [sessions[before], sessions[after]];
  const names = sessions.map(({ name }) => name);
  return (
    <section class="comparison">
      <h3>{say.compare}</h3>
      <p class="hint">{say.compareAbout}</p>
      <p class="pair">
        <Chooser label={say.before} names={names} chosen={before} choose={setBefore} />
        <Chooser label={say.after} names={names} chosen={after} choose={setAfter} />
      </p>
      {one !== undefined && other !== undefined && one !== other && <Outcomes before={one} after={other} />}
    </section>
  );
}

type Compared = ReturnType<typeof useStore>['sessionsWithAnalysis']['value'][number];

function Outcomes({ before, after }: { before: Compared; after: Compared }) {
  const say = strings.sessions;
  const difference = compare(before.analysis.result, after.analysis.result);
  const { fixed, unchanged } = difference;
  const added = difference.new;
  if (fixed.length + unchanged.length + added.length === 0) return <p>{say.noDifference}</p>;
  return (
    <>
      <Part
        title={say.fixed}
        tone="fixed"
        at={before.at}
        outcomes={fixed.map((fault) => [fault, say.now[fault.now]])}
      />
      <Part title={say.new} tone="new" at={after.at} outcomes={added.map((fault) => [fault, ''])} />
      <Part
        title={say.unchanged}
        tone="unchanged"
        at={after.at}
        outcomes={unchanged.map((fault) => [
          fault,
          isGraver(fault) && fault.levelBefore !== undefined ? say.graver(fault.levelBefore, fault.level) : '',
        ])}
      />
    </>
  );
}

interface PartProps {
  readonly title: string;
  readonly tone: string;
  /** The session in which they are shown. */
  readonly at: number | null;
  readonly outcomes: readonly (readonly [Outcome, string])[];
}

function Part({ title, tone, at, outcomes }: PartProps) {
  const { engine, show, selectOutcome, sessionsOpen } = useStore();
  return (
    <section class={`difference ${tone}`} data-difference={tone} data-count={outcomes.length}>
      <h4>
        {title} <span class="count">{outcomes.length}</span>
      </h4>
      <ul>
        {gathered(outcomes).map(({ outcome, remark, times }, place) => (
          <li key={place}>
            <span class={`badge ${outcome.level}`}>{strings.finding.levels[outcome.level]}</span>
            <button
              type="button"
              class="link"
              title={visibleLine(outcome.message)}
              onClick={() => {
                show(at);
                selectOutcome(outcome);
                sessionsOpen.value = false;
              }}
            >
              {engine.rule(outcome.rule)?.title ?? outcome.rule}
            </button>
            <span class="hint">
              {times > 1 && <span class="count">{strings.finding.occasions(times)} </span>}
              {visible(remark)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Gathered {
  readonly outcome: Outcome;
  readonly remark: string;
  times: number;
}

/** One line for the occasions of a rule of which the same is to be said; it leads to the first. */
function gathered(outcomes: PartProps['outcomes']): readonly Gathered[] {
  const lines = new Map<string, Gathered>();
  for (const [outcome, remark] of outcomes) {
    const key = `${outcome.rule} ${outcome.party} ${outcome.level} ${remark}`;
    const known = lines.get(key);
    if (known === undefined) lines.set(key, { outcome, remark, times: 1 });
    else known.times += 1;
  }
  return [...lines.values()];
}

interface ChooserProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly chosen: number;
  readonly choose: (at: number) => void;
}

function Chooser({ label, names, chosen, choose }: ChooserProps) {
  return (
    <label>
      {label}{' '}
      <select value={String(chosen)} onChange={(event) => choose(Number(event.currentTarget.value))}>
        {names.map((name, at) => (
          <option key={name} value={String(at)}>
            {visibleLine(name)}
          </option>
        ))}
      </select>
    </label>
  );
}
