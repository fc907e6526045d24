import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** What takes long, how far it is, and the way to stop it; the rest of the panel stays in use. */
export function ProgressBar() {
  const { progress } = useStore();
  const shown = progress.value;
  if (shown === null) return null;
  const title = visibleLine(shown.title);
  return (
    <section class="progress" aria-label={strings.sessions.opening}>
      <progress aria-label={title} max={1} {...(shown.part === null ? {} : { value: shown.part })} />
      <span class="title">{title}</span>
      <button type="button" onClick={shown.cancel}>
        {strings.sessions.cancel}
      </button>
    </section>
  );
}
