import type { Analysis } from '../../report/analysis.ts';

export const exportFormats = ['json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

const kinds: Readonly<Record<ExportFormat, { readonly type: string; readonly extension: string }>> = {
  json: { type: 'application/json', extension: 'result.json' },
};

/** Writes a session in one of the formats, every secret replaced by its alias. The writers load when first needed. */
export async function exportSession(analysis: Analysis, format: ExportFormat): Promise<ExportFile> {
  const { type, extension } = kinds[format];
  const base = fileName(analysis.result.source.name);
  const { defaultRedaction, redact } = await import('../../report/redaction/redact.ts');
  const { result } = redact(analysis, defaultRedaction);
  return { name: `${base}.${extension}`, type, text: `${JSON.stringify(result(analysis.result), null, 2)}\n` };
}

/** A session's name without its folder and extension, safe as a file name. */
function fileName(name: string): string {
  const base = name.endsWith('.har') ? name.slice(0, -4) : name;
  let safe = '';
  for (const char of base) safe += /[\w.-]/.test(char) ? char : '-';
  return safe.slice(0, 80) || 'session';
}
