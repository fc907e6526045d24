import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { suppressedFindings } from '../view/findings.ts';
import { useStore } from './context.ts';

/** What is shown, of how much, and what cannot be seen from here. */
export function StatusBar() {
  const { analysis, index, host, shownFile, since, bodiless, dropped, recording } = useStore();
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
    ...(live ? [] : [say.file(result.source.name)]),
    ...(live && bodiless.value > 0 ? [say.bodiless(bodiless.value)] : []),
    ...(live && dropped.value > 0 ? [say.dropped(dropped.value)] : []),
  ];
  if (live && !recording.value) words.push(say.paused);
  else if (live && since.value !== null) words.push(say.since(new Date(since.value).toLocaleTimeString()));
  return (
    <footer class="statusbar">
      <span class="said">{visibleLine(words.join(' · '))}</span>
      <ProblemsButton count={result.source.problems.length} />
      <UnseenButton />
    </footer>
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
