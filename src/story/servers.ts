import { header } from '../exchange/exchange.ts';
import { objectMember, stringMember } from '../protocol/json.ts';
import { asRevision, type Revision } from '../protocol/mcp.ts';
import { protectedResourceMetadataUrls, readProtectedResourceMetadata } from '../protocol/metadata.ts';
import { canonicalUrl, isWithin, sameResource } from '../protocol/resource.ts';
import { readResponses } from './calls.ts';
import type { Call, Server, ServerMetadata } from './model.ts';
import { firstAfter, insertByTime } from './order.ts';
import type { Reading } from './reading.ts';

const bySent = (call: Call): number => call.exchange.sent;

/** What is known of one MCP server, kept up to date call by call. */
export class ServerRecord {
  readonly url: string;
  readonly calls: Call[] = [];
  /** Calls answered 401 or 403, by time sent. */
  readonly refused: Call[] = [];
  /** URLs that its challenges name as `resource_metadata`. */
  readonly metadataUrls = new Set<string>();
  /** Credentials that its calls carried, each with the first call that did. */
  readonly credentials = new Map<string, Call>();
  readonly #revisions: RevisionSign[] = [];

  constructor(url: string) {
    this.url = url;
  }

  add(call: Call): void {
    insertByTime(this.calls, call, bySent);
    if (call.status === 401 || call.status === 403) insertByTime(this.refused, call, bySent);
    if (call.credential !== null && !this.credentials.has(call.credential)) this.credentials.set(call.credential, call);
    if (call.challenge?.resourceMetadata) this.metadataUrls.add(call.challenge.resourceMetadata);
    const sign = readRevision(call);
    if (!sign) return;
    // Only where the revision changes: a session repeats it with every call.
    const before = this.#revisions[firstAfter(this.#revisions, sign.at, (known) => known.at) - 1];
    if (before?.revision !== sign.revision) insertByTime(this.#revisions, sign, (known) => known.at);
  }

  /** The negotiated revision, latest word wins (rules.md 0.A, version gate V(S)). */
  get revision(): RevisionSign | null {
    return this.#revisions[this.#revisions.length - 1] ?? null;
  }
}

interface RevisionSign {
  readonly at: number;
  readonly revision: Revision;
  readonly from: 'header' | 'meta' | 'initialize';
}

/** A refused probe says nothing about what was agreed. */
const REFUSED_PROBE = new Set([-32020, -32021, -32022, -32601]);

function readRevision(call: Call): RevisionSign | null {
  const { status, exchange } = call;
  const at = exchange.answered;
  const [request] = call.requests;
  if (request?.method === 'initialize') {
    if (status < 200 || status >= 300) return null;
    for (const response of readResponses(exchange)) {
      const revision = asRevision(stringMember(response.result ?? {}, 'protocolVersion') ?? '');
      if (revision) return { at, revision, from: 'initialize' };
    }
    return null;
  }
  const answered = (status >= 200 && status < 300) || status === 401 || status === 403;
  if (!answered) return null;
  const meta = objectMember(request?.params ?? {}, '_meta') ?? {};
  const inMeta = asRevision(stringMember(meta, 'io.modelcontextprotocol/protocolVersion') ?? '');
  const inHeader = asRevision(header(exchange.request.headers, 'mcp-protocol-version') ?? '');
  const revision = inMeta ?? inHeader;
  if (!revision || isRefusal(call)) return null;
  return { at, revision, from: inMeta ? 'meta' : 'header' };
}

function isRefusal(call: Call): boolean {
  if (!call.exchange.response.body.text.includes('-32')) return false;
  return readResponses(call.exchange).some((response) => REFUSED_PROBE.has(response.error?.code ?? 0));
}

/**
 * Binds protected resource metadata to servers: by the URL their challenges name,
 * by the well-known URLs of their own (RFC 9728 section 3.1), or by `resource`.
 */
export function bindServers(
  records: readonly ServerRecord[],
  documents: readonly Reading[],
  revision: Revision | null,
): Server[] {
  const read = documents.flatMap((reading): ServerMetadata[] => {
    const { exchange } = reading;
    if (exchange.response.status !== 200) return [];
    const metadata = readProtectedResourceMetadata(exchange.response.body.text);
    return metadata ? [{ exchange, metadata }] : [];
  });
  return records.map((record) => {
    const candidates = new Set([...record.metadataUrls, ...protectedResourceMetadataUrls(record.url)]);
    const own = read.filter((document) => candidates.has(document.exchange.url));
    const metadata = own.length > 0 ? own : read.filter(({ metadata: { resource } }) => resource !== null && sameResource(resource, record.url));
    const issuers = [...new Set(metadata.toReversed().flatMap((document) => document.metadata.authorizationServers))];
    return {
      url: record.url,
      revision: revision ?? record.revision?.revision ?? null,
      revisionFrom: revision ? 'option' : (record.revision?.from ?? 'unknown'),
      issuers,
      metadata,
      calls: record.calls,
      refused: record.refused,
    };
  });
}

/**
 * The server that a `resource` value names (RFC 8707): verbatim, normalised, by its
 * metadata's `resource`, or as the only server below it. Null when none or several.
 */
export function serverOfResource(servers: readonly Server[], resource: string): Server | null {
  const exact = servers.find((server) => server.url === resource);
  if (exact) return exact;
  const same = servers.filter((server) => sameResource(server.url, resource));
  if (same.length === 1) return same[0] ?? null;
  const named = servers.filter((server) =>
    server.metadata.some(({ metadata }) => metadata.resource !== null && canonicalUrl(metadata.resource) === canonicalUrl(resource)),
  );
  if (named.length === 1) return named[0] ?? null;
  const below = servers.filter((server) => isWithin(server.url, resource));
  return below.length === 1 ? (below[0] ?? null) : null;
}
