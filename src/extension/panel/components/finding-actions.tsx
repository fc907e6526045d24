import { originOf } from '../../../report/suppressions.ts';
import { visibleLine } from '../../../report/text.ts';
import type { Outcome } from '../../../rules/outcome.ts';
import { copyIssue } from '../copies/issue.ts';
import { copyText } from '../host/clipboard.ts';
import { strings } from '../strings.ts';
import { findingText } from '../view/finding-text.ts';
import { useStore } from './context.ts';
import { MenuButton, saidOf } from './menu-button.tsx';

/** What can be done with a finding: hand it on, or hear no more of it. */
export function FindingActions({ outcome }: { outcome: Outcome }) {
  return (
    <span class="finding-actions">
      <CopyFinding outcome={outcome} />
      {outcome.kind !== 'pass' && outcome.kind !== 'notApplicable' && <SuppressRule outcome={outcome} />}
    </span>
  );
}

/** As words, or as an issue for whoever can mend it; the party at fault first. */
function CopyFinding({ outcome }: { outcome: Outcome }) {
  const { analysis, secrets } = useStore();
  const say = strings.copies;
  const addressees = [outcome.party, 'sdk', 'client', 'server', 'authorization-server'] as const;
  const issues = [...new Set(addressees)].map((addressee) => ({
    label: say.issueFor(say.addressees[addressee]),
    act: async () => {
      const shown = analysis.value;
      return shown === null ? null : saidOf(await copyIssue(shown, outcome, addressee));
    },
  }));
  const words = {
    label: say.words,
    act: async () => saidOf(await copyText(findingText(outcome, secrets.value))),
  };
  return <MenuButton label={say.finding} items={[words, ...issues]} hint={say.redacted} />;
}

function SuppressRule({ outcome }: { outcome: Outcome }) {
  const { suppressRule } = useStore();
  const say = strings.suppression;
  const { rule } = outcome;
  const origin = originOf(outcome);
  const suppress = (at: string | null) => () => {
    suppressRule({ rule, origin: at });
    return null;
  };
  const items = [
    ...(origin === '' ? [] : [{ label: say.atOrigin(visibleLine(origin)), act: suppress(origin) }]),
    { label: say.forGood, act: suppress(null) },
  ];
  return <MenuButton label={say.suppress} items={items} hint={say.hint} />;
}
