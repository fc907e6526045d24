import type { Store } from '../store/store.ts';
import { strings } from '../strings.ts';
import { BlindSpotsSheet } from './blind-spots.tsx';
import { StoreContext, useStore } from './context.ts';
import { DropZone } from './drop-zone.tsx';
import { Empty } from './empty.tsx';
import { ExportSheet } from './export-sheet.tsx';
import { FailuresSheet, ProblemsSheet } from './failures-sheet.tsx';
import { LateNotice } from './late-notice.tsx';
import { lazy } from './lazy.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { SessionsSheet } from './sessions-sheet.tsx';
import { SettingsSheet } from './settings-sheet.tsx';
import { KeysSheet, NoticeSheet } from './sheet.tsx';
import { StatusBar } from './status-bar.tsx';
import { Toast } from './toast.tsx';
import { Toolbar } from './toolbar.tsx';
import { VerdictStrip } from './verdict-strip.tsx';

// Flow and detail come with the first exchange.
const Panes = lazy(async () => (await import('./panes.tsx')).Panes);

/** The whole panel over one store. */
export function Panel({ store }: { store: Store }) {
  return (
    <StoreContext.Provider value={store}>
      <header>
        <h1 class="unseen">{strings.title}</h1>
        <Toolbar />
      </header>
      <Stale />
      <Content />
      <ProgressBar />
      <StatusBar />
      <KeysSheet />
      <NoticeSheet />
      <SettingsSheet />
      <BlindSpotsSheet />
      <FailuresSheet />
      <ProblemsSheet />
      <SessionsSheet />
      <ExportSheet />
      <Toast />
      <DropZone />
    </StoreContext.Provider>
  );
}

/** The extension was replaced under this panel: it says so, and offers the way on. */
function Stale() {
  const { stale } = useStore();
  if (!stale.value) return null;
  return (
    <p class="stale" role="alert">
      {strings.stale.text}{' '}
      <button type="button" onClick={() => location.reload()}>
        {strings.stale.reload}
      </button>
    </p>
  );
}

function Content() {
  const { flow, analysis } = useStore();
  const rows = flow.value?.entries.length ?? 0;
  if (analysis.value === null || rows === 0) {
    return (
      <main class="content">
        <Empty />
      </main>
    );
  }
  return (
    <main class="content">
      <LateNotice />
      <VerdictStrip />
      <Panes />
    </main>
  );
}
