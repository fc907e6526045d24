import { visibleLine } from '../../../report/text.ts';
import { openSample } from '../sample.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';
import { SeenInstead } from './seen-instead.tsx';
import { ImportButton } from './toolbar.tsx';

/** Nothing to show yet: what is watched, what is not and why, and one button that mends it. */
export function Empty() {
  const store = useStore();
  const { host, recording, analysis, shownFile, current, all } = store;
  const say = strings.empty;
  const seen = analysis.value?.exchanges.length ?? 0;
  const file = current.value;
  const live = host.live !== null && shownFile.value === null;
  if (seen > 0) {
    return (
      <div class="empty">
        <h2>{say.none}</h2>
        <p>{say.noneText(seen)}</p>
        <SeenInstead />
        <p class="actions">
          <button
            type="button"
            class="primary"
            onClick={() => {
              all.value = true;
            }}
          >
            {say.showAll}
          </button>
          <ImportButton label={say.open} />
        </p>
      </div>
    );
  }
  if (live && !recording.value) {
    return (
      <div class="empty">
        <h2>{say.pausedTitle}</h2>
        <p>{say.pausedText}</p>
        <p class="actions">
          <button type="button" class="primary" onClick={() => store.record(true)}>
            {say.resume}
          </button>
        </p>
      </div>
    );
  }
  if (file !== null) {
    return (
      <div class="empty">
        <h2>{say.fileTitle}</h2>
        <p>{say.fileText(visibleLine(file.name))}</p>
        <p class="actions">
          <ImportButton label={say.open} primary />
        </p>
      </div>
    );
  }
  return (
    <div class={live ? 'empty wide' : 'empty'}>
      <h2>{live ? say.waiting : say.page}</h2>
      <p>{live ? say.waitingText : say.pageText}</p>
      {live && <p>{say.steps}</p>}
      <p class="actions">
        {live && host.reload !== null ? (
          <button type="button" class="primary" onClick={host.reload}>
            {say.reload}
          </button>
        ) : (
          <ImportButton label={say.open} primary />
        )}
        <button type="button" onClick={() => openSample(store)}>
          {say.sample}
        </button>
      </p>
      <p class="hint">{say.sampleText}</p>
      {live && <Watched />}
    </div>
  );
}

/** What is watched from here, and what is not, with the reason. */
function Watched() {
  const { unseen } = useStore();
  const say = strings.empty;
  return (
    <div class="watching">
      <div>
        <h3>{say.watched}</h3>
        <ul class="watched">
          {say.watchedList.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      </div>
      <div>
        <h3>{say.notWatched}</h3>
        <ul class="watched not">
          {say.notWatchedList.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
        <button
          type="button"
          class="link"
          onClick={() => {
            unseen.value = { outcome: null };
          }}
        >
          {say.widen}
        </button>
      </div>
    </div>
  );
}
