import { visibleLine } from '../../../report/text.ts';
import type { OpenFile } from '../store/sessions.ts';
import { strings } from '../strings.ts';
import { Comparison } from './comparison.tsx';
import { useStore } from './context.ts';
import { Sheet } from './sheet.tsx';
import { ImportButton } from './toolbar.tsx';

/** Live traffic and the recordings that were opened: switch, close, compare. */
export function SessionsSheet() {
  const { sessionsOpen, files, host, live } = useStore();
  if (!sessionsOpen.value) return null;
  const say = strings.sessions;
  return (
    <Sheet
      title={say.title}
      close={() => {
        sessionsOpen.value = false;
      }}
    >
      <p class="hint">{say.about}</p>
      <ul class="session-list">
        {host.live !== null && <SessionItem at={null} file={null} analysis={live.value} />}
        {files.value.map((file, at) => (
          <SessionItem key={file.name} at={at} file={file} analysis={file.analysis} />
        ))}
      </ul>
      <p>
        <ImportButton label={say.open} /> <span class="hint">{say.paste}</span>
      </p>
      <Comparison />
    </Sheet>
  );
}

interface ItemProps {
  /** Index among the files; null is live traffic. */
  readonly at: number | null;
  readonly file: OpenFile | null;
  readonly analysis: OpenFile['analysis'] | null;
}

function SessionItem({ at, file, analysis }: ItemProps) {
  const { shownFile, show, close, sessionsOpen, books } = useStore();
  const say = strings.sessions;
  const name = file?.name ?? say.live;
  const own = (books.value.get(file) ?? analysis?.notes)?.name ?? null;
  const fail = analysis?.result.summary.fail;
  const faults = fail === undefined ? 0 : fail.error + fail.warning + fail.note;
  const isShown = shownFile.value === at;
  return (
    <li>
      <span class="title">
        <button
          type="button"
          class="link"
          aria-current={isShown}
          aria-label={say.showSession(name)}
          onClick={() => {
            show(at);
            sessionsOpen.value = false;
          }}
        >
          <b>{visibleLine(name)}</b>
        </button>{' '}
        {own !== null && own !== name && <span>{visibleLine(own)}</span>}
      </span>
      <span class="hint">{say.counts(analysis?.exchanges.length ?? 0, faults)}</span>
      {isShown ? <span class="badge none">{say.shown}</span> : <span />}
      {at === null ? (
        <span />
      ) : (
        <button type="button" aria-label={say.closeSession(name)} onClick={() => close(at)}>
          {say.close}
        </button>
      )}
    </li>
  );
}
