import type { Analysis } from '../../report/analysis.ts';

export const exportFormats = ['har', 'json', 'html'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** Writes a session in one of the formats, every secret replaced by its alias. The writers load when first needed. */
export async function exportSession(analysis: Analysis, format: ExportFormat): Promise<ExportFile> {
  const base = fileName(analysis.result.source.name);
  switch (format) {
    case 'har': {
      const { annotatedHar } = await import('../../report/har.ts');
      return { name: `${base}.annotated.har`, type: 'application/json', text: annotatedHar(analysis) };
    }
    case 'json': {
      const { redactedResult, resultJson } = await import('../../report/json.ts');
      const { defaultRedaction } = await import('../../report/redaction/redact.ts');
      const text = resultJson([redactedResult(analysis, defaultRedaction)]);
      return { name: `${base}.result.json`, type: 'application/json', text };
    }
    case 'html': {
      const { htmlReport } = await import('../../report/html/report.ts');
      return { name: `${base}.report.html`, type: 'text/html', text: htmlReport(analysis) };
    }
  }
}

/** A session's name without its folder and extension, safe as a file name. */
function fileName(name: string): string {
  const base = name.endsWith('.har') ? name.slice(0, -4) : name;
  let safe = '';
  for (const char of base) safe += /[\w.-]/.test(char) ? char : '-';
  return safe.slice(0, 80) || 'session';
}
