import { strings } from '../strings.ts';
import { useStore } from './context.ts';
import { RawMessage } from './raw-message.tsx';

/** The exchange as it went over the wire, over the whole width. */
export function RawTab() {
  const { exchange, mark } = useStore();
  const shown = exchange.value;
  if (shown === null) return <p class="nothing">{strings.raw.none}</p>;
  return (
    <>
      <h2 class="unseen">{strings.raw.title(shown.entry)}</h2>
      <RawMessage exchange={shown} evidence={mark.value?.entry === shown.entry ? mark.value : null} />
    </>
  );
}
