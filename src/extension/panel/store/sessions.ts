import { computed, signal } from '@preact/signals';
import { type NamedBlob, readHarFile } from '../../../capture/har-file.ts';
import type { Analysis } from '../../../report/analysis.ts';
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
  notices: Notices,
  choices: Choices,
  selected: Selected,
  { suppressions }: SettingsState,
) {
  const { busy, notice } = notices;
  const files = signal<readonly OpenFile[]>([]);
  /** Index in `files`; null is live traffic. */
  const shownFile = signal<number | null>(null);
  const { live, ...recorder } = createLive(host, engine, () => {
    if (shownFile.peek() === null) selected.deselect();
  });
  /** What is shown and exported: without what the user suppressed. */
  const analysis = computed(() => {
    const whole = shownFile.value === null ? live.value : (files.value[shownFile.value]?.analysis ?? null);
    return whole === null ? null : suppress(whole, suppressions.value);
  });

  function show(file: number | null): void {
    if (file === shownFile.value) return;
    shownFile.value = file;
    choices.resetChoices();
    selected.deselect();
  }

  async function add(log: unknown, name: string): Promise<void> {
    const analysis = await engine.analyze(log, name);
    files.value = [...files.value, { name, analysis }];
    show(files.value.length - 1);
  }

  /** Opens HAR files; what cannot be opened is told, the rest is opened all the same. */
  async function open(chosen: readonly NamedBlob[], failure: string): Promise<void> {
    const messages: string[] = [];
    for (const file of chosen) {
      busy.value = file.name;
      const read = await readHarFile(file);
      if (!read.ok) {
        messages.push(read.message);
        continue;
      }
      try {
        await add(read.log, read.name);
      } catch (error) {
        // A fault of ours: the session that is open must not go down with it.
        messages.push(`${read.name}: ${strings.failed.analysis} (${error instanceof Error ? error.message : error})`);
      }
    }
    busy.value = null;
    if (messages.length > 0) notice.value = { title: failure, text: messages.join('\n') };
  }

  /** Empties live traffic, or closes the recording that is shown. */
  function clear(): void {
    const file = shownFile.value;
    if (file === null) {
      host.live?.clear();
      selected.deselect();
      return;
    }
    files.value = files.value.filter((_, at) => at !== file);
    show(files.value.length === 0 || host.live !== null ? null : files.value.length - 1);
  }

  return { ...recorder, files, shownFile, analysis, show, add, open, clear };
}
