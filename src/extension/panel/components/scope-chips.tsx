import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { CopyButton } from './copy-button.tsx';

interface Props {
  readonly scopes: readonly string[];
  readonly added?: readonly string[];
  readonly lost?: readonly string[];
  /** With a button that copies them, separated by spaces. */
  readonly copy?: boolean;
}

/** Scopes as chips; lost ones are struck through and said to be. */
export function ScopeChips({ scopes, added = [], lost = [], copy = false }: Props) {
  return (
    <span class="chips">
      {scopes.map((scope) => (
        <span key={scope} class={added.includes(scope) ? 'chip added' : 'chip'}>
          {visibleLine(scope)}
        </span>
      ))}
      {lost.map((scope) => (
        <span key={`lost ${scope}`} class="chip lost" title={strings.scopes.states.lost}>
          <del>{visibleLine(scope)}</del>
        </span>
      ))}
      {copy && scopes.length > 0 && <CopyButton text={() => scopes.join(' ')} />}
    </span>
  );
}
