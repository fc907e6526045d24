import type { Analysis } from '../../report/analysis.ts';
import { analyze } from '../../report/analyze.ts';
import type { SessionNotes } from '../../report/notes.ts';
import type { RedactionOptions } from '../../report/redaction/options.ts';
import type { Result } from '../../report/result.ts';
import type { Suppression } from '../../report/suppressions.ts';
import type { SessionView } from '../../report/view.ts';
import { type ExportFile, type ExportFormat, exportSession, type Preview, previewExport } from './exports.ts';

/** A session as another thread can take it: plain data, from which its story is told again. */
export interface PlainSession {
  /** Its `entries` go before, in parts: to copy all of them at once takes long. */
  readonly log: { readonly [key: string]: unknown };
  /** As it is shown: without what was suppressed. */
  readonly result: Result;
  readonly suppressions: readonly Suppression[];
  readonly notes: SessionNotes;
  readonly view: SessionView | null;
}

export type ExportRequest =
  | { readonly kind: 'entries'; readonly entries: readonly unknown[] }
  /** Behind all its entries. */
  | { readonly kind: 'session'; readonly session: PlainSession }
  | { readonly kind: 'preview'; readonly id: number; readonly redaction: RedactionOptions }
  | {
      readonly kind: 'write';
      readonly id: number;
      readonly format: ExportFormat;
      readonly redaction: RedactionOptions;
    };

export type ExportAnswer =
  | { readonly id: number; readonly preview: Preview }
  | { readonly id: number; readonly file: WrittenFile }
  | { readonly id: number; readonly error: string };

/** A file as it is handed over: its text stays on this thread, for of a long session it is hundreds of megabytes. */
export interface WrittenFile {
  readonly name: string;
  readonly content: Blob;
}

/** Redacting a long session takes seconds: here, so that the panel goes on, and can end it. */
let analysis: Analysis | null = null;
const entries: unknown[] = [];

addEventListener('message', ({ data }: MessageEvent<ExportRequest>) => {
  if (data.kind === 'entries') entries.push(...data.entries);
  else if (data.kind === 'session') analysis = told(data.session);
  else void answer(data).then((said) => postMessage(said));
});

async function answer(request: Exclude<ExportRequest, { kind: 'session' | 'entries' }>): Promise<ExportAnswer> {
  const { id, redaction } = request;
  try {
    if (analysis === null) throw new Error('no session was given');
    return request.kind === 'preview'
      ? { id, preview: await previewExport(analysis, redaction) }
      : { id, file: written(await exportSession(analysis, request.format, redaction)) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function written({ name, type, text }: ExportFile): WrittenFile {
  return { name, content: new Blob([text], { type }) };
}

function told({ log, result, suppressions, notes, view }: PlainSession): Analysis {
  const again = analyze({ log: { ...log, entries } }, { name: result.source.name });
  return { ...again, result, notes, view, suppressed: { by: suppressions, outcomes: [] } };
}
