import { useEffect } from 'preact/hooks';
import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** Long enough to reach for the way back, or, without one, to read it; milliseconds. */
const [withUndo, withoutUndo] = [10_000, 4_000];

/** What was just done, and the way back. */
export function Toast() {
  const { news } = useStore();
  const shown = news.value;
  useEffect(() => {
    if (shown === null) return;
    const forget = (): void => {
      if (news.peek() === shown) news.value = null;
    };
    const timer = setTimeout(forget, shown.undo === null ? withoutUndo : withUndo);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div class="toast-holder" role="status">
      {shown !== null && (
        <div class="toast">
          <span>{visibleLine(shown.text)}</span>
          {shown.undo !== null && (
            <button
              type="button"
              class="link"
              title={strings.keys.undoHint}
              onClick={() => {
                shown.undo?.();
                news.value = null;
              }}
            >
              {strings.sessions.undo}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
