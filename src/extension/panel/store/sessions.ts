import { computed, signal } from '@preact/signals';
import type { Analysis } from '../../../report/analysis.ts';
import type { SessionNotes } from '../../../report/notes.ts';
import { suppress } from '../../../report/suppressions.ts';
import type { Host } from '../host/host.ts';
import type { LazyEngine } from '../lazy-engine.ts';
import { strings } from '../strings.ts';
import type { Choices } from './choices.ts';
import { createLive } from './live.ts';
import type { Notices } from './notices.ts';
import type { Selected } from './selected.ts';
import type { SettingsState } from './settings.ts';

/** A recording opened from a file; never mixed with live traffic. */
export interface OpenFile {
  readonly name: string;
  readonly analysis: Analysis;
}

export type Sessions = ReturnType<typeof createSessions>;

/** Live traffic beside the recordings that were opened, and which of them is shown. */
export function createSessions(
  host: Host,
  engine: LazyEngine,
  { news }: Notices,
  choices: Choices,
  selected: Selected,
  { suppressions }: SettingsState,
) {
  const files = signal<readonly OpenFile[]>([]);
  /** Index in `files`; null is live traffic. */
  const shownFile = signal<number | null>(null);
  /** The recording that is shown; null is live traffic. */
  const current = computed(() => (shownFile.value === null ? null : (files.value[shownFile.value] ?? null)));
  /** Every session there is something to compare of; `at` is its index in `files`. */
  const sessionsWithAnalysis = computed(() => [
    ...(live.value === null || host.live === null
      ? []
      : [{ at: null, name: strings.sessions.live, analysis: suppress(live.value, suppressions.value) }]),
    ...files.value.map(({ name, analysis: whole }, at) => ({
      at,
      name,
      analysis: suppress(whole, suppressions.value),
    })),
  ]);
  const whenBegun: (() => void)[] = [];
  const { live, ...recorder } = createLive(host, engine, () => {
    if (shownFile.peek() === null) selected.deselect();
    for (const listener of whenBegun) listener();
  });
  /** What is shown and exported: without what the user suppressed. */
  const analysis = computed(() => {
    const whole = shownFile.value === null ? live.value : (current.value?.analysis ?? null);
    return whole === null ? null : suppress(whole, suppressions.value);
  });

  function show(file: number | null): void {
    if (file === shownFile.value) return;
    shownFile.value = file;
    choices.resetChoices();
    selected.deselect();
    // Words of a stranger, and only a search: whoever shared the session meant these rows.
    choices.search.value = current.value?.analysis.view?.search ?? '';
  }

  /** Adds a recording under a name of its own and shows it. */
  function add(analysis: Analysis, name: string): void {
    const taken = new Set(files.value.map((file) => file.name));
    let own = name;
    for (let number = 2; taken.has(own); number += 1) own = strings.sessions.another(name, number);
    files.value = [...files.value, { name: own, analysis }];
    show(files.value.length - 1);
  }

  /** Empties live traffic, or closes the recording that is shown; either can be taken back, with the notes on it. */
  function clear(notes: SessionNotes): void {
    const file = shownFile.value;
    if (file !== null) {
      close(file);
      return;
    }
    const before = live.value;
    host.live?.clear();
    selected.deselect();
    if (before === null || before.exchanges.length === 0) return;
    // The recorder has begun anew: what it held comes back as a recording of its own.
    news.value = {
      text: strings.sessions.cleared(before.exchanges.length),
      undo: () => add({ ...before, notes }, strings.sessions.earlier),
    };
  }

  /** Closes a recording. */
  function close(file: number): void {
    const closed = files.value[file];
    if (closed === undefined) return;
    const [before, shown] = [files.value, shownFile.value];
    const rest = before.filter((_, at) => at !== file);
    const next = rest.length === 0 || host.live !== null ? null : rest.length - 1;
    const other = shown !== null && shown !== file ? rest.indexOf(before[shown] as OpenFile) : next;
    files.value = rest;
    if (shown === file) {
      shownFile.value = file;
      show(other);
    } else shownFile.value = other;
    news.value = {
      text: strings.sessions.closed(closed.name),
      undo: () => {
        files.value = [...files.value, closed];
        show(files.value.length - 1);
      },
    };
  }

  return {
    ...recorder,
    live,
    files,
    shownFile,
    current,
    analysis,
    sessionsWithAnalysis,
    show,
    add,
    close,
    clear,
    /** `listener` is called when another recording takes the place of the live one. */
    begun: (listener: () => void) => whenBegun.push(listener),
  };
}
