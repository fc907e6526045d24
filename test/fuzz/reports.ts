import { marked } from 'marked';
import sax from 'sax';
import { textReport } from '../../src/cli/text-report.ts';
import type { Analysis } from '../../src/report/analysis.ts';
import { annotatedHar, redactedHar } from '../../src/report/har.ts';
import { htmlReport } from '../../src/report/html/report.ts';
import { redactedResult, resultJson } from '../../src/report/json.ts';
import { junitReport } from '../../src/report/junit.ts';
import { markdownReport } from '../../src/report/markdown/report.ts';
import { ndjsonLine } from '../../src/report/ndjson.ts';
import { defaultRedaction } from '../../src/report/redaction/redact.ts';
import { sarifReport } from '../../src/report/sarif/report.ts';
import { TAG } from './logs.ts';

/** What may not come out, code points from and to: C0 but newline and tab, C1, direction and zero-width signs. */
const controls: readonly (readonly [from: number, to: number])[] = [
  ...[[0x00, 0x08] as const, [0x0b, 0x1f] as const, [0x7f, 0x9f] as const, [0x202a, 0x202e] as const],
  ...[[0x2066, 0x2069] as const, [0x200b, 0x200f] as const, [0xfeff, 0xfeff] as const],
];

function isControl(code: number): boolean {
  return controls.some(([from, to]) => code >= from && code <= to);
}

type Check = (text: string) => void;

function expectThat(holds: boolean, what: string, text: string, at = 0): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(text.slice(Math.max(0, at - 80), at + 80))}`);
}

const noControl: Check = (text) => {
  for (let at = 0; at < text.length; at += 1)
    if (isControl(text.charCodeAt(at))) expectThat(false, 'a control character', text, at);
};

const noStack: Check = (text) => expectThat(!/\n\s+at .+:\d+:\d+\)?\n/.test(text), 'a stack trace', text);

const noTag: Check = (text) => {
  const at = text.search(new RegExp(`(?<!\\\\)<\\/?${TAG}`));
  expectThat(at < 0, 'markup', text, at);
};

/** What a reader makes of it: code in backticks is text, whatever it holds. */
const noForeignMarkdown: Check = (text) => {
  const page = marked.parse(text, { async: false });
  noTag(page);
  const at = page.search(/(?:href|src)="(?!https:)/);
  expectThat(at < 0, 'a link of a stranger', page, at);
};

const json: Check = (text) => void JSON.parse(text);

const xml: Check = (text) => {
  const parser = sax.parser(true);
  parser.onerror = (error) => {
    throw error;
  };
  parser.onopentag = ({ name }) => expectThat(name !== TAG, 'markup', text);
  parser.write(text).close();
};

/** Every report with what must hold of it whatever the log says. */
export const reports: Readonly<
  Record<string, { write(analysis: Analysis): string | Promise<string>; readonly checks: readonly Check[] }>
> = {
  text: {
    write: (analysis) => textReport(redactedResult(analysis, defaultRedaction), { color: false, width: 80 }),
    checks: [noControl, noStack],
  },
  json: { write: (analysis) => resultJson([redactedResult(analysis, defaultRedaction)]), checks: [json, noStack] },
  ndjson: {
    write: (analysis) => ndjsonLine(redactedResult(analysis, defaultRedaction)),
    checks: [json, (text) => expectThat(text.indexOf('\n') === text.length - 1, 'more than a line', text)],
  },
  har: { write: (analysis) => annotatedHar(analysis), checks: [json, noStack] },
  'redacted HAR': { write: (analysis) => redactedHar(analysis), checks: [json] },
  html: { write: (analysis) => htmlReport(analysis), checks: [noControl, noTag, noStack] },
  markdown: { write: (analysis) => markdownReport(analysis), checks: [noControl, noForeignMarkdown, noStack] },
  junit: { write: (analysis) => junitReport([analysis]), checks: [noControl, xml, noStack] },
  sarif: {
    write: (analysis) => sarifReport([{ analysis }]),
    checks: [json, noStack],
  },
};
