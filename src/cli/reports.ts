import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Analysis } from '../report/analysis.ts';
import { annotatedHar } from '../report/har.ts';
import { htmlReport } from '../report/html/report.ts';
import { redactedResult, resultJson } from '../report/json.ts';
import { junitOf } from '../report/junit.ts';
import { markdownReport } from '../report/markdown/report.ts';
import type { Threshold } from '../report/marks.ts';
import { ndjsonLine } from '../report/ndjson.ts';
import type { Result } from '../report/result.ts';
import { entryRegions } from '../report/sarif/entry-regions.ts';
import { sarifLog, sarifRun } from '../report/sarif/report.ts';
import type { Run } from '../report/sarif/types.ts';
import { type ExportOptions, shareable } from '../report/share.ts';
import type { Format } from './options.ts';
import { type Look, textReport } from './text-report.ts';

/** An analysed input with its text. */
export interface Input {
  readonly file: string;
  readonly analysis: Analysis;
  /** Empty for formats that do not need it. */
  readonly text: string;
  /** How it was analysed and is to be redacted. */
  readonly options: ExportOptions;
}

/** What an input adds to a report: plain data, which can come from another thread. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'run'; readonly run: Run };

/**
 * Joins the parts of one or several inputs to a report. What `add` returns can be written
 * at once; `end` returns the rest.
 */
export interface Report {
  add(part: Part): string;
  end(): string;
}

/** Formats that cannot hold several inputs in one file. */
export const singleFormats: ReadonlySet<Format> = new Set<Format>(['har', 'html']);

/** Formats that show every entry of the input, whatever it is: nothing of it is left out. */
export const wholeFormats: ReadonlySet<Format> = new Set<Format>(['har', 'sarif']);

/** Formats that need the input's text besides. */
export const textFormats: ReadonlySet<Format> = new Set<Format>(['sarif']);

export const extensions: Readonly<Record<Format, string>> = {
  text: 'txt',
  json: 'json',
  ndjson: 'ndjson',
  har: 'annotated.har',
  html: 'html',
  md: 'md',
  sarif: 'sarif',
  junit: 'junit.xml',
};

/** What an input adds to a report of a format. */
export async function partOf(format: Format, { file, analysis, text, options }: Input, look: Look): Promise<Part> {
  switch (format) {
    case 'text':
      return { kind: 'text', text: textReport(redactedResult(analysis, options.redaction), look) };
    case 'ndjson':
      return { kind: 'text', text: ndjsonLine(redactedResult(analysis, options.redaction)) };
    case 'har':
      return { kind: 'text', text: annotatedHar(analysis, options) };
    case 'html':
      return { kind: 'text', text: htmlReport(analysis, options) };
    case 'md':
      return { kind: 'text', text: markdownReport(analysis, options) };
    case 'json':
      return { kind: 'result', result: redactedResult(analysis, options.redaction) };
    case 'junit':
      return { kind: 'result', result: shareable(analysis, options).result };
    case 'sarif': {
      const input = { analysis, folder: folderOf(file), regions: entryRegions(text) };
      return { kind: 'run', run: await sarifRun(input, options) };
    }
  }
}

/** An empty report of a format. `isMany`: several inputs were given, JSON is a list even if only one could be read. */
export function reportOf(format: Format, threshold: Threshold, isMany: boolean): Report {
  const parts: Part[] = [];
  const results = (): Result[] => parts.flatMap((part) => (part.kind === 'result' ? [part.result] : []));
  const runs = (): Run[] => parts.flatMap((part) => (part.kind === 'run' ? [part.run] : []));
  const between = format === 'text' || format === 'md' ? '\n' : '';
  let isFirst = true;
  return {
    add(part) {
      if (part.kind !== 'text') {
        parts.push(part);
        return '';
      }
      const text = `${isFirst ? '' : between}${part.text}`;
      isFirst = false;
      return text;
    },
    end() {
      if (parts.length === 0) return '';
      if (format === 'json') return resultJson(results(), isMany);
      return format === 'junit' ? junitOf(results(), threshold) : sarifLog(runs());
    },
  };
}

/** The folder of a file, from the folder that the command was started in; empty outside of it. */
function folderOf(file: string): string {
  if (file === '-') return '';
  const folder = relative(process.cwd(), dirname(resolve(file)));
  return folder.startsWith('..') || isAbsolute(folder) ? '' : folder.split(sep).join('/');
}
