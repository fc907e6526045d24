import type { Exchange } from '../exchange/exchange.ts';
import type { ScriptReport, Via } from './script-report.ts';

/** What the page's own script could make of one exchange, as the observer in the page reported it. */
export interface ScriptView {
  readonly via: Via;
  /** `Response.type`; null when script was given no response. */
  readonly type: string | null;
  /** Names of the header fields that it could read. */
  readonly headers: readonly string[];
  /** Why script was given no response (`TypeError`: blocked by CORS or the network); null when it was. */
  readonly failure: string | null;
  /** The latest chunks of its stream. */
  readonly chunks: readonly Chunk[];
  /** How much of its stream came in all: bytes, of an `EventSource` characters. */
  readonly received: number;
}

export interface Chunk {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly length: number;
  readonly event: string | null;
}

/** Chunks kept of one stream, the latest. */
const mostChunks = 200;
/** How far the page's clock and the recorder's may differ for the same request, in milliseconds. */
const clocksDiffer = 2_000;

/**
 * Reports joined to the exchanges that they are about: the same method, address and status, one of each, the nearest in
 * time. What no exchange on the wire answers to is left out: a report alone shows nothing.
 */
export function scriptViews(
  exchanges: readonly Exchange[],
  reports: readonly ScriptReport[],
): ReadonlyMap<number, ScriptView> {
  const views = new Map<number, ScriptView>();
  const heads = reports.filter((report) => report.kind !== 'chunk');
  if (heads.length === 0) return views;
  const chunks = chunksOf(reports);
  const wanted = new Set(heads.map(({ method, url }) => key(method, url)));
  const candidates = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    if (exchange.part === 'preflight') continue;
    const of = key(exchange.method, exchange.url);
    if (!wanted.has(of)) continue;
    const same = candidates.get(of);
    if (same === undefined) candidates.set(of, [exchange]);
    else same.push(exchange);
  }
  for (const head of heads) {
    const found = nearest(candidates.get(key(head.method, head.url)) ?? [], head, views);
    if (found === null) continue;
    views.set(found.entry, {
      via: head.via,
      type: head.kind === 'response' ? head.type : null,
      headers: head.kind === 'response' ? head.headers : [],
      failure: head.kind === 'failure' ? head.error : null,
      ...(chunks.get(head.id) ?? noChunks),
    });
  }
  return views;
}

const noChunks = { chunks: [], received: 0 } as const;

function chunksOf(reports: readonly ScriptReport[]): ReadonlyMap<number, Pick<ScriptView, 'chunks' | 'received'>> {
  const chunks = new Map<number, { chunks: Chunk[]; received: number }>();
  for (const report of reports) {
    if (report.kind !== 'chunk') continue;
    const { id, at, length, event } = report;
    const same = chunks.get(id);
    if (same === undefined) chunks.set(id, { chunks: [{ at, length, event }], received: length });
    else {
      same.received += length;
      same.chunks.push({ at, length, event });
      if (same.chunks.length > mostChunks) same.chunks.shift();
    }
  }
  return chunks;
}

function nearest(
  candidates: readonly Exchange[],
  head: Exclude<ScriptReport, { kind: 'chunk' }>,
  taken: ReadonlyMap<number, unknown>,
): Exchange | null {
  let best: Exchange | null = null;
  for (const exchange of candidates) {
    if (taken.has(exchange.entry) || Math.abs(exchange.sent - head.at) > clocksDiffer) continue;
    if (head.kind === 'response' && head.status !== exchange.response.status && head.type !== 'opaque') continue;
    if (best === null || Math.abs(exchange.sent - head.at) < Math.abs(best.sent - head.at)) best = exchange;
  }
  return best;
}

const key = (method: string, url: string): string => {
  const hash = url.indexOf('#');
  return `${method} ${hash < 0 ? url : url.slice(0, hash)}`;
};
