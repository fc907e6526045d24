import { spotsBehind } from '../../../capture/blind-spots.ts';
import { liftingInWords, missingInWords } from '../../../report/undecided.ts';
import type { Outcome } from '../../../rules/outcome.ts';
import { strings } from '../strings.ts';
import { SwitchButton, WhyOpen } from './blind-spots.tsx';
import { useStore } from './context.ts';

/** What would decide an open outcome, the switch that brings it into view, and why it is not there. */
export function WouldDecide({ outcome }: { outcome: Outcome }) {
  const { analysis, spots } = useStore();
  if (outcome.kind !== 'open') return null;
  const at = analysis.value?.result.outcomes.indexOf(outcome) ?? -1;
  const switches = [...new Set(spotsBehind(spots.value, at).flatMap((spot) => spot.switch ?? []))];
  const missing = missingInWords([outcome]);
  const lifting = liftingInWords([outcome]);
  const say = strings.finding;
  return (
    <div class="would-decide">
      {missing.length > 0 && (
        <p>
          {say.missing}: <b>{missing.join(', ')}</b>.{lifting.length > 0 && ` ${say.lifts}: ${lifting.join('; ')}.`}
        </p>
      )}
      <p class="switches">
        {switches.map((wanted) => (
          <SwitchButton key={wanted} wanted={wanted} />
        ))}
        <WhyOpen outcome={outcome} />
      </p>
    </div>
  );
}
