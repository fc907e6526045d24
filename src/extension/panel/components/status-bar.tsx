import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { suppressedFindings } from '../view/findings.ts';
import { useStore } from './context.ts';

/** What is shown, of how much, and what cannot be seen from here. */
export function StatusBar() {
  const { analysis, index, host, shownFile, current, since, recording } = useStore();
  const result = analysis.value?.result;
  if (result === undefined)
    return (
      <footer class="statusbar">
        <UnseenButton />
      </footer>
    );
  const say = strings.status;
  const suppressed = suppressedFindings(analysis.value);
  const live = host.live !== null && shownFile.value === null;
  const revisions = [...new Set(result.story.servers.flatMap((server) => server.specVersion ?? []))];
  const words = [
    say.shown(index.value?.size ?? 0, analysis.value?.exchanges.length ?? 0),
    ...(revisions.length > 0 ? [say.revision(revisions)] : []),
    ...(suppressed > 0 ? [strings.suppression.count(suppressed)] : []),
    ...(result.source.redacted ? [say.redacted] : []),
    ...(live ? [] : [say.file(current.value?.name ?? result.source.name)]),
  ];
  if (live && recording.value && since.value !== null)
    words.push(say.since(new Date(since.value).toLocaleTimeString()));
  return (
    <footer class="statusbar">
      {live && <Warnings />}
      <span class="said">{visibleLine(words.join(' · '))}</span>
      <ProblemsButton count={result.source.problems.length} />
      <UnseenButton />
    </footer>
  );
}

/** What is lost at this moment, before anything else. */
function Warnings() {
  const { bodiless, dropped, recording, stale, record } = useStore();
  const say = strings.status;
  return (
    <>
      {!recording.value && !stale.value && (
        <span class="warn">
          {say.paused}{' '}
          <button type="button" class="link" onClick={() => record(true)}>
            {say.resume}
          </button>
        </span>
      )}
      {bodiless.value > 0 && (
        <span class="warn" title={say.bodiless(bodiless.value)}>
          {say.bodiless(bodiless.value)}
        </span>
      )}
      {dropped.value > 0 && (
        <span class="warn" title={say.dropped(dropped.value)}>
          {say.dropped(dropped.value)}
        </span>
      )}
    </>
  );
}

/** What could not be read of the session: shown only where there is something. */
function ProblemsButton({ count }: { count: number }) {
  const { problemsOpen } = useStore();
  if (count === 0) return null;
  return (
    <button
      type="button"
      class="link"
      onClick={() => {
        problemsOpen.value = true;
      }}
    >
      {strings.status.problems(count)}
    </button>
  );
}

/** Always at hand: what cannot be seen from here. */
function UnseenButton() {
  const { unseen } = useStore();
  return (
    <button
      type="button"
      class="link"
      title={strings.unseen.hint}
      onClick={() => {
        unseen.value = { outcome: null };
      }}
    >
      {strings.unseen.title}
    </button>
  );
}
