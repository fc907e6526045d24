import { useRef } from 'preact/hooks';
import { openSample } from '../sample.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';
import { ExportButton } from './export-button.tsx';
import { MenuButton } from './menu-button.tsx';
import { SearchBox } from './search-box.tsx';

/** Record, clear, filter, import, export, and how many faults there are. */
export function Toolbar() {
  const store = useStore();
  const { recording, host, all, shownFile, files, help, sessionsOpen } = store;
  const say = strings.toolbar;
  const clearWord = shownFile.value === null ? say.clear : say.close;
  const recordTitle = recording.value ? say.recording : say.paused;
  return (
    <div class="toolbar" role="toolbar" aria-label={say.label}>
      {host.live !== null && (
        <button
          type="button"
          class={recording.value ? 'icon record on' : 'icon record'}
          aria-pressed={recording.value}
          aria-label={say.record}
          title={recordTitle}
          onClick={() => store.record(!recording.value)}
        >
          <span class="dot" />
        </button>
      )}
      <button type="button" class="icon" aria-label={clearWord} title={clearWord} onClick={store.clear}>
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5" />
          <path d="M3.8 12.2l8.4-8.4" stroke="currentColor" stroke-width="1.5" />
        </svg>
      </button>
      <span class="divider" />
      {(files.value.length > 1 || (files.value.length > 0 && host.live !== null)) && (
        <select
          aria-label={say.session}
          value={shownFile.value === null ? 'live' : String(shownFile.value)}
          onChange={(event) => {
            const { value } = event.currentTarget;
            store.show(value === 'live' ? null : Number(value));
          }}
        >
          {host.live !== null && <option value="live">{say.live}</option>}
          {files.value.map((file, at) => (
            <option key={at} value={String(at)}>
              {file.name}
            </option>
          ))}
        </select>
      )}
      <SearchBox />
      <label class="check" title={say.otherHint}>
        <input
          type="checkbox"
          checked={all.value}
          onChange={(event) => {
            all.value = event.currentTarget.checked;
          }}
        />
        {say.other}
      </label>
      <span class="divider" />
      <button
        type="button"
        class="hide-narrow"
        title={strings.sessions.hint}
        onClick={() => {
          sessionsOpen.value = true;
        }}
      >
        {strings.sessions.title}
      </button>
      <ImportButton label={say.import} />
      <ExportButton />
      <button type="button" class="hide-narrow" title={say.sampleHint} onClick={() => openSample(store)}>
        {say.sample}
      </button>
      <MoreButton />
      <FaultCounts />
      <SettingsButton />
      <button
        type="button"
        class="icon"
        aria-label={say.keys}
        title={`${say.keys} (?)`}
        onClick={() => {
          help.value = true;
        }}
      >
        ?
      </button>
    </div>
  );
}

/** What a narrow toolbar has no room for. */
function MoreButton() {
  const store = useStore();
  const { all, sessionsOpen } = store;
  const say = strings.toolbar;
  const doing = (deed: () => unknown) => (): null => {
    void deed();
    return null;
  };
  const items = [
    {
      label: strings.sessions.title,
      act: doing(() => {
        sessionsOpen.value = true;
      }),
    },
    { label: say.sampleHint, act: doing(() => openSample(store)) },
    {
      label: all.value ? say.onlyStory : say.otherHint,
      act: doing(() => {
        all.value = !all.value;
      }),
    },
  ];
  return (
    <span class="only-narrow">
      <MenuButton label={say.more} items={items} />
    </span>
  );
}

function SettingsButton() {
  const { settingsOpen } = useStore();
  const say = strings.toolbar;
  return (
    <button
      type="button"
      class="icon"
      aria-label={say.settings}
      title={`${say.settings} (,)`}
      onClick={() => {
        settingsOpen.value = true;
      }}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path
          d="M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7"
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linecap="round"
        />
        <circle cx="10.5" cy="4.5" r="1.8" fill="none" stroke="currentColor" stroke-width="1.5" />
        <circle cx="5.5" cy="11.5" r="1.8" fill="none" stroke="currentColor" stroke-width="1.5" />
      </svg>
    </button>
  );
}

/** Opens HAR files by the browser's own dialog. */
export function ImportButton({ label, primary = false }: { label: string; primary?: boolean }) {
  const store = useStore();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class={primary ? 'primary' : ''}
        title={strings.toolbar.importHint}
        onClick={() => input.current?.click()}
      >
        {label}
      </button>
      <input
        ref={input}
        class="import"
        type="file"
        hidden
        multiple
        accept=".har,.json,.gz,.zip,application/json"
        aria-label={label}
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          void store.open(chosen);
        }}
      />
    </>
  );
}

function FaultCounts() {
  const { analysis } = useStore();
  const fail = analysis.value?.result.summary.fail;
  if (fail === undefined) return null;
  return (
    <span class="counts" role="img" aria-label={strings.toolbar.faults(fail.error, fail.warning, fail.note)}>
      <span class="mark error" /> {fail.error} <span class="mark warning" /> {fail.warning}{' '}
      <span class="mark note hide-narrow" /> <span class="hide-narrow">{fail.note}</span>
    </span>
  );
}
