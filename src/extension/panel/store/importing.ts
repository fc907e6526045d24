import type { FileFailure, NamedBlob } from '../../../capture/har-file.ts';
import type { LazyEngine } from '../lazy-engine.ts';
import { strings } from '../strings.ts';
import type { Notices } from './notices.ts';
import type { Sessions } from './sessions.ts';

/** Opening recordings: one after the other, with progress, and a way to stop. */
export function createImporting(engine: LazyEngine, { add }: Sessions, { progress, failures }: Notices) {
  /** Opens HAR files; what cannot be opened is told, the rest is opened all the same. */
  async function open(chosen: readonly NamedBlob[]): Promise<void> {
    if (chosen.length === 0 || progress.peek() !== null) return;
    const stop = new AbortController();
    const failed: FileFailure[] = [];
    for (const [at, file] of chosen.entries()) {
      const title = strings.sessions.reading(file.name, at + 1, chosen.length);
      const tell = (part: number): void => {
        if (stop.signal.aborted) return;
        progress.value = { title, part, cancel: () => stop.abort() };
      };
      tell(0);
      const cancelled = new Promise<null>((resolve) => stop.signal.addEventListener('abort', () => resolve(null)));
      try {
        // The engine, most of what there is to load, also tells the titles of the rules.
        const [{ readHarFile }] = await Promise.all([import('../../../capture/har-file.ts'), engine.load()]);
        const read = await Promise.race([readHarFile(file, { onProgress: tell, signal: stop.signal }), cancelled]);
        if (read === null) break;
        if (read.ok) add(read.analysis, read.name);
        else failed.push(read.failure);
      } catch (error) {
        if (stop.signal.aborted) break;
        // A fault of ours: the session that is open must not go down with it.
        const reason = error instanceof Error ? error.message : String(error);
        failed.push({ file: file.name, entry: null, field: '', problem: strings.failed.analysis(reason) });
      }
    }
    progress.value = null;
    if (failed.length > 0) failures.value = failed;
  }

  return { open };
}
