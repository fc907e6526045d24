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

export interface ReportSettings {
  readonly threshold: Threshold;
  readonly look: Look;
  /** Several inputs were given: JSON is a list even if only one could be read. */
  readonly isMany: boolean;
}

/**
 * Makes the report of one or several inputs, each added as soon as it is analysed.
 * What `add` returns can be written at once; `end` returns the rest.
 */
export interface Report {
  add(input: Input): Promise<string>;
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

/** A report of a format. */
export function reportOf(format: Format, settings: ReportSettings): Report {
  const { threshold, look, isMany } = settings;
  const result = ({ analysis, options }: Input): Result => redactedResult(analysis, options.redaction);
  switch (format) {
    case 'text':
      return oneByOne((input) => textReport(result(input), look), '\n');
    case 'ndjson':
      return oneByOne((input) => ndjsonLine(result(input)));
    case 'har':
      return oneByOne(({ analysis, options }) => annotatedHar(analysis, options));
    case 'html':
      return oneByOne(({ analysis, options }) => htmlReport(analysis, options));
    case 'md':
      return oneByOne(({ analysis, options }) => markdownReport(analysis, options), '\n');
    case 'json':
      return together(result, (results) => resultJson(results, isMany));
    case 'junit':
      return together<Result>(
        ({ analysis, options }) => shareable(analysis, options).result,
        (results) => junitOf(results, threshold),
      );
    case 'sarif':
      return together<Run>(
        ({ file, analysis, text, options }) =>
          sarifRun({ analysis, folder: folderOf(file), regions: entryRegions(text) }, options),
        sarifLog,
      );
  }
}

function oneByOne(write: (input: Input) => string, between = ''): Report {
  let isFirst = true;
  return {
    add: async (input) => {
      const text = `${isFirst ? '' : between}${write(input)}`;
      isFirst = false;
      return text;
    },
    end: () => '',
  };
}

function together<T>(read: (input: Input) => T | Promise<T>, write: (parts: readonly T[]) => string): Report {
  const parts: T[] = [];
  return {
    add: async (input) => {
      parts.push(await read(input));
      return '';
    },
    end: () => (parts.length === 0 ? '' : write(parts)),
  };
}

/** The folder of a file, from the folder that the command was started in; empty outside of it. */
function folderOf(file: string): string {
  if (file === '-') return '';
  const folder = relative(process.cwd(), dirname(resolve(file)));
  return folder.startsWith('..') || isAbsolute(folder) ? '' : folder.split(sep).join('/');
}
