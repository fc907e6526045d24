import { effect, signal } from '@preact/signals';
import { defaultRedaction, type RedactionOptions } from '../../../report/redaction/options.ts';
import type { ExportFormat, Preview } from '../exports.ts';
import { type ExportThread, startExport } from '../host/export-thread.ts';
import { saveFile } from '../host/save.ts';
import { strings } from '../strings.ts';
import type { Choices } from './choices.ts';
import type { Notebook } from './notebook.ts';
import type { Notices } from './notices.ts';
import type { Sessions } from './sessions.ts';
import type { SettingsState } from './settings.ts';

/** Saving the session shown: the choice of format and redaction, what it would replace, and the writing. */
export function createExporting(
  { analysis }: Sessions,
  { suppressions }: SettingsState,
  { notebook }: Notebook,
  { search }: Choices,
  { notice, news, exporting }: Notices,
) {
  const exportFormat = signal<ExportFormat>('har');
  const redaction = signal<RedactionOptions>(defaultRedaction);
  /** The user was told what an unredacted file holds, and wants it. */
  const exposureAccepted = signal(false);
  /** What would be replaced; null while that is found out. */
  const preview = signal<Preview | null>(null);
  const writing = signal(false);
  let thread: Promise<ExportThread | null> | null = null;

  async function start(): Promise<ExportThread | null> {
    const shown = analysis.peek();
    if (shown === null || shown.exchanges.length === 0) return null;
    const { wholeLog } = await import('../whole-log.ts');
    const words = search.peek().trim();
    const { entries, ...log } = wholeLog(shown);
    const session = {
      log,
      result: shown.result,
      suppressions: suppressions.peek(),
      notes: notebook.peek(),
      view: words === '' ? null : { search: words },
    };
    return startExport(session, entries);
  }

  function stop(): void {
    // One that is only just starting ends as well.
    void thread?.then((one) => one?.end());
    thread = null;
    preview.value = null;
    writing.value = false;
    exposureAccepted.value = false;
    redaction.value = defaultRedaction;
  }

  function tell(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    exporting.value = false;
    notice.value = { title: strings.failed.export, text };
  }

  effect(() => {
    if (!exporting.value) {
      stop();
      return;
    }
    const options = redaction.value;
    preview.value = null;
    thread ??= start();
    thread
      .then(async (one) => {
        if (one === null) exporting.value = false;
        const found = (await one?.preview(options)) ?? null;
        if (exporting.peek() && redaction.peek() === options) preview.value = found;
      })
      .catch(tell);
  });

  /** Writes the file and hands it over; the sheet closes when it is done. */
  async function saveExport(): Promise<void> {
    if (writing.peek()) return;
    writing.value = true;
    try {
      const file = await (await thread)?.write(exportFormat.peek(), redaction.peek());
      if (file === undefined) return;
      saveFile(file.name, file.content);
      news.value = { text: strings.exporting.saved(file.name), undo: null };
      exporting.value = false;
    } catch (error) {
      tell(error);
    }
  }

  return { exportFormat, redaction, exposureAccepted, preview, exportWriting: writing, saveExport };
}
