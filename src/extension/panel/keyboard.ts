import { focusFlow } from './components/focus.ts';
import { noteId } from './components/note-on-exchange.tsx';
import { searchId } from './components/search-box.tsx';
import { tabs } from './store/choices.ts';
import { outcomeKey } from './store/outcome-key.ts';
import type { Store } from './store/store.ts';
import { type FlowLine, groupKey } from './view/lines.ts';

/**
 * Keys of the whole panel; keys typed into a field are the field's own. Returns the way to stop.
 *
 * DevTools listens at the document and takes its own keys, Esc among them, before a listener there hears of them:
 * this one stands below, and what the panel uses goes no further.
 */
export function listenToKeys(store: Store): () => void {
  const root = document.documentElement;
  const listener = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (store.covered.peek()) {
      // A sheet closes by the browser's own doing, unless somebody else takes the key.
      if (event.key === 'Escape') event.stopPropagation();
      return;
    }
    const target = event.target instanceof Element ? event.target : null;
    const typing = target?.matches('input:not([type=checkbox]), textarea, select') === true;
    if (typing) {
      if (event.key !== 'Escape' || target.id !== searchId) return;
      store.search.value = '';
      focusFlow();
    } else if (!act(store, event.key, target)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  root.addEventListener('keydown', listener);
  return () => root.removeEventListener('keydown', listener);
}

function act(store: Store, key: string, target: Element | null): boolean {
  const inFlow = target?.closest('[role=tree]') !== null || target === document.body;
  switch (key) {
    case 'j':
      return step(store, 1);
    case 'k':
      return step(store, -1);
    case 'ArrowDown':
      return inFlow && step(store, 1);
    case 'ArrowUp':
      return inFlow && step(store, -1);
    case 'Home':
      return inFlow && step(store, Number.NEGATIVE_INFINITY);
    case 'End':
      return inFlow && step(store, Number.POSITIVE_INFINITY);
    case 'ArrowRight':
      return inFlow && fold(store, false);
    case 'ArrowLeft':
      return inFlow && fold(store, true);
    case 'Enter':
      return inFlow && enter(store);
    case 'n':
      return stepFinding(store, 1);
    case 'p':
      return stepFinding(store, -1);
    case '/':
      document.getElementById(searchId)?.focus();
      return true;
    case 'Escape':
      return takeBack(store);
    case ',':
      store.settingsOpen.value = true;
      return true;
    case 'b':
      store.unseen.value = { outcome: null };
      return true;
    case 'm':
      return onChosen(store, (entry) => store.togglePin(entry));
    case 'e':
      return onChosen(store, (entry) => {
        store.tab.value = 'exchange';
        store.writing.value = entry;
        document.getElementById(noteId)?.focus();
      });
    case 's':
      store.sessionsOpen.value = true;
      return true;
    case '[':
      return stepSession(store, -1);
    case ']':
      return stepSession(store, 1);
    case 'o':
      document.querySelector<HTMLInputElement>('input.import')?.click();
      return true;
    case 'x':
      store.exporting.value = true;
      return true;
    case 'c':
      store.clear();
      return true;
    case 'u':
      return undo(store);
    case 'r':
      if (store.host.live === null) return false;
      store.record(!store.recording.peek());
      return true;
    case '?':
      store.help.value = true;
      return true;
    default: {
      const tab = tabs[Number.parseInt(key, 10) - 1];
      if (key.length !== 1 || tab === undefined) return false;
      store.tab.value = tab;
      return true;
    }
  }
}

/** Moves the choice over lines that can be chosen; a row shows itself in the detail. */
function step(store: Store, by: number): boolean {
  const lines = store.lines.peek();
  if (lines === null || lines.length === 0) return false;
  const way = by > 0 ? 1 : -1;
  const last = lines.length - 1;
  const at = lines.indexOf(store.selectedLine.peek() ?? '');
  let wanted = Number.isFinite(by) ? (at < 0 ? (by > 0 ? 0 : last) : at + by) : by > 0 ? last : 0;
  while (wanted >= 0 && wanted <= last && lines.kindAt(wanted) === 'gap') wanted += way;
  const line = lines.at(wanted) ?? lines.at(at);
  if (line === null) return false;
  if (line.kind === 'row') store.selectEntry(line.row.exchange.entry);
  store.selectedLine.value = line.key;
  return true;
}

/** The line of the flow that is chosen. */
function chosen(store: Store): FlowLine | null {
  const lines = store.lines.peek();
  return lines?.at(lines.indexOf(store.selectedLine.peek() ?? '')) ?? null;
}

function fold(store: Store, close: boolean): boolean {
  const line = chosen(store);
  if (line?.kind === 'group' || line?.kind === 'pages') {
    if (line.open === close) store.toggleFold(line.kind === 'group' ? line.group.id : line.key);
    return true;
  }
  if (line?.kind !== 'row' || !close || line.row.group === null) return false;
  store.selectedLine.value = groupKey(line.row.group);
  return true;
}

/** Opens a group, or shows the finding that rests on a row, else its exchange. */
function enter(store: Store): boolean {
  const line = chosen(store);
  if (line?.kind === 'group' || line?.kind === 'pages') {
    store.toggleFold(line.kind === 'group' ? line.group.id : line.key);
    return true;
  }
  if (line?.kind !== 'row') return false;
  const index = store.index.peek();
  const [finding] = index?.findings.get(line.row.exchange.entry) ?? [];
  const outcome = finding === undefined ? undefined : index?.outcomes[finding];
  if (outcome !== undefined && store.tab.peek() !== 'finding') store.selectOutcome(outcome);
  else store.tab.value = 'exchange';
  store.selectedLine.value = line.key;
  return true;
}

/** Does something with the exchange that is chosen. */
function onChosen(store: Store, act: (entry: number) => void): boolean {
  const entry = store.selectedEntry.peek();
  if (entry !== null) act(entry);
  return entry !== null;
}

function stepSession(store: Store, by: number): boolean {
  const places = [...(store.host.live === null ? [] : [null]), ...store.files.peek().keys()];
  if (places.length < 2) return false;
  const at = places.indexOf(store.shownFile.peek());
  store.show(places[(at + by + places.length) % places.length] ?? null);
  return true;
}

function undo(store: Store): boolean {
  const { undo: back } = store.news.peek() ?? {};
  if (!back) return false;
  back();
  store.news.value = null;
  return true;
}

/** Takes back search and mark; with neither, the key is the host's: DevTools opens its drawer. */
function takeBack(store: Store): boolean {
  if (store.search.peek() === '' && store.mark.peek() === null) return false;
  store.search.value = '';
  store.mark.value = null;
  return true;
}

function stepFinding(store: Store, by: number): boolean {
  const faults = store.findings.peek()?.faults ?? [];
  if (faults.length === 0) return false;
  const at = faults.findIndex(({ outcome }) => outcomeKey(outcome) === store.openOutcome.peek());
  const next = faults[(Math.max(at, by > 0 ? -1 : 0) + by + faults.length) % faults.length];
  if (next !== undefined) store.selectOutcome(next.outcome);
  return next !== undefined;
}
