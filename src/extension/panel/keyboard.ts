import { filterId } from './components/filter-box.tsx';
import { tabs } from './store/choices.ts';
import { outcomeKey } from './store/outcome-key.ts';
import type { Store } from './store/store.ts';

/** Keys of the whole panel; keys typed into a field are the field's own. Returns the way to stop. */
export function listenToKeys(store: Store): () => void {
  const listener = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (store.help.peek() || store.notice.peek() !== null) return;
    const target = event.target instanceof Element ? event.target : null;
    const typing = target?.matches('input:not([type=checkbox]), textarea, select') === true;
    if (typing) {
      if (event.key !== 'Escape' || target.id !== filterId) return;
      store.search.value = '';
      focusFlow();
    } else if (!act(store, event.key, target)) return;
    event.preventDefault();
  };
  document.addEventListener('keydown', listener);
  return () => document.removeEventListener('keydown', listener);
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
      document.getElementById(filterId)?.focus();
      return true;
    case 'Escape':
      store.search.value = '';
      store.mark.value = null;
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

function focusFlow(): void {
  const tree = document.querySelector('[role=tree]');
  if (tree instanceof HTMLElement) tree.focus();
}

/** Moves the choice over lines that can be chosen; a row shows itself in the detail. */
function step(store: Store, by: number): boolean {
  const lines = store.lines.peek().filter((line) => line.kind !== 'gap');
  if (lines.length === 0) return false;
  const at = lines.findIndex((line) => line.key === store.selectedLine.peek());
  const wanted = at < 0 && Number.isFinite(by) ? (by > 0 ? 0 : lines.length - 1) : at + by;
  const line = lines[Math.max(0, Math.min(lines.length - 1, wanted))];
  if (line === undefined) return false;
  if (line.kind === 'row') store.selectEntry(line.row.exchange.entry);
  store.selectedLine.value = line.key;
  return true;
}

function fold(store: Store, close: boolean): boolean {
  const lines = store.lines.peek();
  const at = lines.findIndex((line) => line.key === store.selectedLine.peek());
  const line = lines[at];
  if (line?.kind === 'group' || line?.kind === 'pages') {
    if (line.open === close) store.toggleFold(line.kind === 'group' ? line.group.id : line.key);
    return true;
  }
  if (line?.kind !== 'row' || !close || line.row.group === null) return false;
  store.selectedLine.value = `group-${line.row.group}`;
  return true;
}

/** Opens a group, or shows the finding that rests on a row, else its exchange. */
function enter(store: Store): boolean {
  const line = store.lines.peek().find((candidate) => candidate.key === store.selectedLine.peek());
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

function stepFinding(store: Store, by: number): boolean {
  const faults = store.findings.peek()?.faults ?? [];
  if (faults.length === 0) return false;
  const at = faults.findIndex(({ outcome }) => outcomeKey(outcome) === store.openOutcome.peek());
  const next = faults[(Math.max(at, by > 0 ? -1 : 0) + by + faults.length) % faults.length];
  if (next !== undefined) store.selectOutcome(next.outcome);
  return next !== undefined;
}
