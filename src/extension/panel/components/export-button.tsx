import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** Opens the sheet that saves the session shown. */
export function ExportButton() {
  const { analysis, exporting } = useStore();
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      title={strings.toolbar.exportHint}
      disabled={analysis.value === null || analysis.value.exchanges.length === 0}
      onClick={() => {
        exporting.value = true;
      }}
    >
      {strings.toolbar.export}
    </button>
  );
}
