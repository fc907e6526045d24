import { useState } from 'preact/hooks';
import type { BlindSpot, Switch } from '../../../capture/blind-spots.ts';
import type { Outcome } from '../../../rules/outcome.ts';
import { privacyPage } from '../privacy.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';
import { RulePage } from './rule-page.tsx';
import { Sheet } from './sheet.tsx';
import { ImportButton } from './toolbar.tsx';

const say = strings.unseen;

/** What it cannot see: one line for each blind spot, the verdicts that rest on it, and what mends it. */
export function BlindSpotsSheet() {
  const { unseen, spots } = useStore();
  const shown = unseen.value;
  if (shown === null) return null;
  const close = (): void => {
    unseen.value = null;
  };
  return (
    <Sheet title={say.title} close={close}>
      {spots.value.length === 0 && <p class="notice">{say.none}</p>}
      <ul class="blind-spots">
        {spots.value.map((spot) => (
          <Line key={spot.id} spot={spot} pointed={shown.outcome !== null && spot.effect.includes(shown.outcome)} />
        ))}
      </ul>
      <Privacy />
    </Sheet>
  );
}

/** The privacy page, read here: no page of ours is on the network. */
function Privacy() {
  const [page, showPage] = useState<string | null>(null);
  const toggle = async (): Promise<void> => showPage(page === null ? await privacyPage() : null);
  return (
    <>
      <button type="button" class="link" aria-expanded={page !== null} onClick={() => void toggle()}>
        {say.privacy}
      </button>
      {page !== null && <RulePage page={page} />}
    </>
  );
}

function Line({ spot, pointed }: { spot: BlindSpot; pointed: boolean }) {
  const { title, text } = say.spots[spot.id];
  return (
    <li class={pointed ? 'pointed' : ''} data-blind-spot={spot.id} data-count={spot.count}>
      <h3>
        {title} <span class="hint">{spot.count > 0 ? say.met(spot.count) : hintOf(spot)}</span>
      </h3>
      <p>{text}</p>
      <p class="mends">
        <Effect spot={spot} />
        {spot.switch !== null && <SwitchButton wanted={spot.switch} />}
      </p>
    </li>
  );
}

const traceless: ReadonlySet<string> = new Set([
  'popup-not-watched',
  'shared-worker',
  'service-worker',
  'stream-open',
  'body-gone',
]);
const hintOf = ({ id }: BlindSpot): string => (traceless.has(id) ? say.maybe : '');

/** The verdicts that stay open: their number, which unfolds into their names. */
function Effect({ spot }: { spot: BlindSpot }) {
  const { analysis, engine } = useStore();
  const outcomes = spot.effect.flatMap((at) => analysis.value?.result.outcomes[at] ?? []);
  if (outcomes.length === 0) return <span class="hint">{say.noEffect}</span>;
  const byRule = new Map<string, Outcome>();
  for (const outcome of outcomes) if (!byRule.has(outcome.rule)) byRule.set(outcome.rule, outcome);
  return (
    <details>
      <summary>{say.effect(outcomes.length)}</summary>
      <ul>
        {[...byRule.values()].map((outcome) => (
          <li key={outcome.rule}>
            <OutcomeLink outcome={outcome} title={engine.rule(outcome.rule)?.title ?? outcome.rule} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function OutcomeLink({ outcome, title }: { outcome: Outcome; title: string }) {
  const { selectOutcome, unseen } = useStore();
  return (
    <button
      type="button"
      class="link"
      onClick={() => {
        unseen.value = null;
        selectOutcome(outcome);
      }}
    >
      {title}
    </button>
  );
}

/** The one click that mends it; nothing where this host cannot. */
export function SwitchButton({ wanted }: { wanted: Switch }) {
  const store = useStore();
  const label = say.switches[wanted];
  if (wanted === 'open-har') return <ImportButton label={label} />;
  const actions: Partial<Record<Switch, (() => void) | null>> = {
    watch:
      store.host.permissions === null && store.host.askInTab === null ? null : () => void store.startWatching('all'),
    'look-closer': () => {
      store.settingsOpen.value = true;
    },
    reload: store.host.reload,
    'body-cap': () => {
      store.settingsOpen.value = true;
    },
    record: () => store.record(true),
    clear: store.clear,
  };
  const act = actions[wanted] ?? null;
  if (act === null) return null;
  return (
    <button
      type="button"
      onClick={() => {
        store.unseen.value = null;
        act();
      }}
    >
      {label}
    </button>
  );
}

/** From an undecided outcome to the lines that say why. */
export function WhyOpen({ outcome }: { outcome: Outcome }) {
  const { unseen, analysis } = useStore();
  if (outcome.kind !== 'open') return null;
  return (
    <button
      type="button"
      class="link"
      onClick={() => {
        unseen.value = { outcome: analysis.value?.result.outcomes.indexOf(outcome) ?? null };
      }}
    >
      {say.why}
    </button>
  );
}
