import type { Analysis } from '../../report/analysis.ts';
import type { Kind } from '../../report/redaction/names.ts';
import type { RedactionOptions } from '../../report/redaction/options.ts';
import type { ExportOptions } from '../../report/share.ts';

export const exportFormats = ['har', 'json', 'html', 'md', 'sarif'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportFile {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly text: string;
}

/** Writes a session in one of the formats. The writers load when first needed. */
export async function exportSession(
  analysis: Analysis,
  format: ExportFormat,
  redaction: RedactionOptions,
): Promise<ExportFile> {
  const base = fileName(analysis.notes.name ?? analysis.result.source.name);
  const options: ExportOptions = { redaction, analyze: {} };
  switch (format) {
    case 'har': {
      const { annotatedHar } = await import('../../report/har.ts');
      return { name: `${base}.annotated.har`, type: 'application/json', text: annotatedHar(analysis, options) };
    }
    case 'json': {
      const { redactedResult, resultJson } = await import('../../report/json.ts');
      const text = resultJson([redactedResult(analysis, redaction)]);
      return { name: `${base}.result.json`, type: 'application/json', text };
    }
    case 'html': {
      const { htmlReport } = await import('../../report/html/report.ts');
      return { name: `${base}.report.html`, type: 'text/html', text: htmlReport(analysis, options) };
    }
    case 'md': {
      const { markdownReport } = await import('../../report/markdown/report.ts');
      return { name: `${base}.report.md`, type: 'text/markdown', text: markdownReport(analysis, options) };
    }
    case 'sarif': {
      const { sarifReport } = await import('../../report/sarif/report.ts');
      // A live session has no file of its own: the places of its results are those of its annotated HAR.
      const { annotatedHar } = await import('../../report/har.ts');
      const { entryRegions } = await import('../../report/sarif/entry-regions.ts');
      const source = { ...analysis.result.source, name: `${base}.annotated.har` };
      const named = { ...analysis, result: { ...analysis.result, source } };
      const text = await sarifReport(
        [{ analysis: named, regions: entryRegions(annotatedHar(named, options)) }],
        options,
      );
      return { name: `${base}.sarif`, type: 'application/json', text };
    }
  }
}

/** What an export replaces, kind by kind. */
export interface Preview {
  readonly kinds: readonly ReplacedKind[];
  /** Exchanges outside the story, which keep no content. */
  readonly emptied: number;
}

export interface ReplacedKind {
  readonly kind: Kind;
  readonly count: number;
  /** The first of them: as it is, cut short, and as it is written. */
  readonly original: string;
  readonly alias: string;
}

/** UTF-16 units of an example. */
const longestExample = 200;

/** Tells what an export would replace. */
export async function previewExport(analysis: Analysis, options: RedactionOptions): Promise<Preview> {
  const { redact, storyEntries } = await import('../../report/redaction/redact.ts');
  const kinds = new Map<Kind, ReplacedKind>();
  for (const { kind, original, alias } of redact(analysis, options).replaced()) {
    if (original === alias) continue;
    const known = kinds.get(kind);
    const first = known ?? {
      kind,
      original: original.slice(0, longestExample),
      alias: alias.slice(0, longestExample),
    };
    kinds.set(kind, { ...first, count: (known?.count ?? 0) + 1 });
  }
  const emptied = options.allContent ? 0 : analysis.exchanges.length - storyEntries(analysis).size;
  return { kinds: [...kinds.values()], emptied };
}

/** A session's name without its folder and extension, safe as a file name. */
function fileName(name: string): string {
  const base = name.endsWith('.har') ? name.slice(0, -4) : name;
  let safe = '';
  for (const char of base) safe += /[\w.-]/.test(char) ? char : '-';
  return safe.slice(0, 80) || 'session';
}
