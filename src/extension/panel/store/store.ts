import type { Host } from '../host/host.ts';
import type { LazyEngine } from '../lazy-engine.ts';
import { createAppearance } from './appearance.ts';
import { createBlindSpots } from './blind-spots.ts';
import { createChoices } from './choices.ts';
import { derive } from './derived.ts';
import { createExporting } from './exporting.ts';
import { createImporting } from './importing.ts';
import { createNotebook } from './notebook.ts';
import { createNotices } from './notices.ts';
import { createObserving } from './observing.ts';
import { createSearching } from './searching.ts';
import { createSelected } from './selected.ts';
import { createSelecting } from './selecting.ts';
import { createSessions } from './sessions.ts';
import { createSettings } from './settings.ts';
import { createSignatures } from './signatures.ts';
import { createWatching } from './watching.ts';

export type Store = ReturnType<typeof createStore>;

/**
 * The panel's one state, a file beside this one for each concern. What is shown
 * is derived from an Analysis; the rest is what the user chose: which session,
 * which row, which words.
 */
export function createStore(host: Host, engine: LazyEngine) {
  const notices = createNotices();
  const choices = createChoices();
  const selected = createSelected();
  const settings = createSettings(host);
  const sessions = createSessions(host, engine, notices, choices, selected, settings);
  const observing = createObserving(host, sessions, settings);
  const watching = createWatching(host, sessions, observing);
  const notebook = createNotebook(sessions, notices);
  if (host.asked !== null) notices.settingsOpen.value = true;
  const derived = derive(sessions, choices, selected, notebook);
  return {
    host,
    engine,
    ...createAppearance(host),
    ...notices,
    ...choices,
    ...selected,
    ...settings,
    ...createSignatures(host),
    ...sessions,
    clear: () => sessions.clear(notebook.notebook.peek()),
    ...createImporting(engine, sessions, notices),
    ...notebook,
    ...observing,
    ...watching,
    ...createBlindSpots(host, sessions, observing, watching),
    ...derived,
    ...createSearching(derived, choices),
    ...createExporting(sessions, settings, notebook, choices, notices),
    ...createSelecting(derived, choices, selected),
  };
}
