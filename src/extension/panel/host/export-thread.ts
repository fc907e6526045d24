import { turn } from '../../../capture/turn.ts';
import type { RedactionOptions } from '../../../report/redaction/options.ts';
import type { ExportAnswer, ExportRequest, PlainSession, WrittenFile } from '../export-worker.ts';
import type { ExportFormat, Preview } from '../exports.ts';

/** A session being exported on a thread of its own. */
export interface ExportThread {
  preview(redaction: RedactionOptions): Promise<Preview>;
  write(format: ExportFormat, redaction: RedactionOptions): Promise<WrittenFile>;
  /** Ends the thread at once; what was under way never comes. */
  end(): void;
}

/** Entries that are copied to the thread before the page has its turn. */
const portion = 500;

/** Starts a thread and gives it a copy of the session and its entries. */
export async function startExport(session: PlainSession, entries: readonly unknown[]): Promise<ExportThread> {
  const worker = new Worker(new URL('../export-worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, (answer: ExportAnswer) => void>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<ExportAnswer>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  worker.onerror = ({ message }) => {
    for (const [id, answer] of waiting) answer({ id, error: message });
    waiting.clear();
  };
  const say = (request: ExportRequest): void => worker.postMessage(request);
  for (let at = 0; at < entries.length; at += portion) {
    say({ kind: 'entries', entries: entries.slice(at, at + portion) });
    await turn();
  }
  say({ kind: 'session', session });
  const ask = (request: (id: number) => ExportRequest): Promise<ExportAnswer> => {
    last += 1;
    const id = last;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      say(request(id));
    });
  };
  return {
    async preview(redaction) {
      const answer = await ask((id) => ({ kind: 'preview', id, redaction }));
      if ('preview' in answer) return answer.preview;
      throw new Error('error' in answer ? answer.error : '');
    },
    async write(format, redaction) {
      const answer = await ask((id) => ({ kind: 'write', id, format, redaction }));
      if ('file' in answer) return answer.file;
      throw new Error('error' in answer ? answer.error : '');
    },
    end: () => worker.terminate(),
  };
}
