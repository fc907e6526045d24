import { useState } from 'preact/hooks';
import { earlierTokens } from '../../../capture/earlier-tokens.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** DevTools was opened after the sign-in: says so, and offers to load the page again. */
export function LateNotice() {
  const { host, analysis, shownFile, since } = useStore();
  const [dismissed, dismiss] = useState<number | null>(null);
  const live = host.live !== null && shownFile.value === null;
  const late = live && analysis.value !== null && earlierTokens(analysis.value).length > 0;
  if (!late || host.reload === null || dismissed === since.value) return null;
  const say = strings.late;
  return (
    <div class="late" role="status">
      <span>{say.text}</span>
      <button type="button" class="primary" onClick={host.reload}>
        {strings.empty.reload}
      </button>
      <button type="button" class="link" onClick={() => dismiss(since.value)}>
        {strings.sessions.dismiss}
      </button>
    </div>
  );
}
