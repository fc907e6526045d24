import type { Outcome } from '../../../rules/outcome.ts';
import { strings } from '../strings.ts';
import { scopeChange } from '../view/scope-change.ts';
import { useStore } from './context.ts';
import { CopyButton } from './copy-button.tsx';
import { ScopeChips } from './scope-chips.tsx';

/** What an authorization request did to the scopes: before, challenged, now, and what it should have been. */
export function ScopeChange({ outcome }: { outcome: Outcome }) {
  const { index } = useStore();
  const change = index.value === null ? null : scopeChange(outcome, index.value);
  if (change === null) return null;
  const say = strings.scopeChange;
  return (
    <dl class="scope-change">
      {change.before.length > 0 && <Line name={say.before} scopes={change.before} />}
      {change.challenged !== null && (
        <Line name={say.challenged} scopes={change.challenged} added={change.challenged} />
      )}
      <Line name={say.now} scopes={change.now} lost={change.lost} />
      {change.lost.length > 0 && <Line name={say.should} scopes={change.should} added={change.challenged ?? []} copy />}
    </dl>
  );
}

interface LineProps {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly added?: readonly string[];
  readonly lost?: readonly string[];
  readonly copy?: boolean;
}

function Line({ name, scopes, added = [], lost = [], copy = false }: LineProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <ScopeChips scopes={scopes} added={added} lost={lost} />
        {copy && <CopyButton text={() => scopes.join(' ')} />}
      </dd>
    </>
  );
}
