import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** The number of an exchange, which leads to it. */
export function EntryLink({ entry, late = false }: { entry: number; late?: boolean }) {
  const { selectEntry } = useStore();
  return (
    <button
      type="button"
      class={late ? 'link entry late' : 'link entry'}
      aria-label={strings.finding.showEvidence(entry)}
      title={late ? strings.token.late : undefined}
      onClick={() => selectEntry(entry)}
    >
      #{entry}
    </button>
  );
}
