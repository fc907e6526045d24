/**
 * What the observer in a page reports: names, numbers and lengths, never a value or a body. A page can forge every one
 * of them, so they stand beside what the wire shows and decide nothing.
 */
export type ScriptReport =
  | (Report & {
      readonly kind: 'response';
      readonly status: number;
      /** `Response.type` (Fetch standard): `basic`, `cors`, `opaque`, ...; `xhr`, `event-source` for those. */
      readonly type: string;
      /** Names of the header fields that script could read, lower case. */
      readonly headers: readonly string[];
    })
  | (Report & { readonly kind: 'failure' /** `TypeError`, `AbortError`, ... */; readonly error: string })
  | {
      readonly kind: 'chunk';
      readonly id: number;
      readonly at: number;
      /** Bytes, or UTF-16 code units where the page had it decoded already. */
      readonly length: number;
      /** The event's `id`, null when it has none or the page read bytes. */
      readonly event: string | null;
    };

interface Report {
  /** Number of the request in its frame, counted from anywhere. */
  readonly id: number;
  readonly via: Via;
  /** When the page asked; of a chunk, when it came: milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Absolute, fragment included; empty when unknown. */
  readonly url: string;
}

export type Via = 'fetch' | 'xhr' | 'event-source';

/** Reports in one batch, header names in one report, and characters of a text, at most. */
const most = { reports: 1_000, headers: 100, text: 8_000 } as const;

/** Reads a batch as the bridge hands it on; whatever has another shape is left out. Never throws. */
export function readScriptReports(text: unknown): readonly ScriptReport[] {
  if (typeof text !== 'string') return [];
  try {
    return checkScriptReports(JSON.parse(text));
  } catch {
    return [];
  }
}

/** The same for a batch that is parsed already. */
export function checkScriptReports(batch: unknown): readonly ScriptReport[] {
  if (!Array.isArray(batch)) return [];
  return batch.slice(0, most.reports).flatMap((report) => readReport(report) ?? []);
}

function readReport(value: unknown): ScriptReport | null {
  if (typeof value !== 'object' || value === null) return null;
  const report = value as Record<string, unknown>;
  const { kind } = report;
  const id = whole(report.id);
  const at = whole(report.at);
  if (id === null || at === null) return null;
  if (kind === 'chunk') {
    const length = whole(report.length);
    return length === null ? null : { kind, id, at, length, event: text(report.event) };
  }
  const { via } = report;
  const method = text(report.method);
  const url = text(report.url);
  if ((via !== 'fetch' && via !== 'xhr' && via !== 'event-source') || method === null || url === null) return null;
  if (kind === 'failure') {
    const error = text(report.error);
    return error === null ? null : { kind, id, via, at, method, url, error };
  }
  const status = whole(report.status);
  const type = text(report.type);
  if (kind !== 'response' || status === null || type === null || !Array.isArray(report.headers)) return null;
  const headers = report.headers.slice(0, most.headers).flatMap((name) => text(name)?.toLowerCase() ?? []);
  return { kind, id, via, at, method, url, status, type, headers };
}

const whole = (value: unknown): number | null =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null;
const text = (value: unknown): string | null => (typeof value === 'string' && value.length <= most.text ? value : null);
