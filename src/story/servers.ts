import { header } from '../exchange/exchange.ts';
import { objectMember, stringMember } from '../protocol/json.ts';
import { asRevision, type Revision } from '../protocol/mcp.ts';
import { protectedResourceMetadataUrls, readProtectedResourceMetadata } from '../protocol/metadata.ts';
import { canonicalUrl } from '../protocol/resource.ts';
import { isAccepted } from './answers.ts';
import { readResponses } from './calls.ts';
import { groupBy } from './group.ts';
import type { Attempts, Call, Server, ServerMetadata } from './model.ts';
import { bySent, firstAfter, Sorted } from './order.ts';
import { isRefusedProbe } from './probes.ts';
import type { Reading } from './reading.ts';

/** What is known of one MCP server, kept up to date call by call, whatever the order they arrive in. */
export class ServerRecord {
  readonly url: string;
  /** URLs that its challenges name as `resource_metadata`. */
  readonly namedMetadataUrls = new Set<string>();
  /** Names of the tools it was asked for. */
  readonly tools = new Set<string>();
  /** Credentials that its calls carried, each with the first call that did. */
  readonly credentials = new Map<string, Call>();
  readonly attempts = new Map<string, AttemptRecord>();
  /** When the last call was sent that was answered 2xx; -Infinity when none was. */
  lastSuccess = Number.NEGATIVE_INFINITY;
  readonly #calls = new Sorted<Call>(bySent);
  readonly #refused = new Sorted<Call>(bySent);
  readonly #refusedByAnswer = new Sorted<Call>(byAnswer);
  readonly #revisions = new Map<Revision, { first: RevisionSign; last: RevisionSign }>();

  constructor(url: string) {
    this.url = url;
  }

  /** Every call, by time sent. */
  get calls(): readonly Call[] {
    return this.#calls.items;
  }

  /** Calls answered 401 or 403, by time sent. */
  get refused(): readonly Call[] {
    return this.#refused.items;
  }

  add(call: Call): void {
    this.#calls.add(call);
    if (call.status === 401 || call.status === 403) {
      this.#refused.add(call);
      this.#refusedByAnswer.add(call);
    }
    if (isAccepted(call) && call.exchange.sent > this.lastSuccess) this.lastSuccess = call.exchange.sent;
    if (call.operation !== null) {
      const attempts = this.attempts.get(call.operation);
      if (attempts) attempts.add(call);
      else this.attempts.set(call.operation, new AttemptRecord(call));
    }
    if (call.credential !== null) {
      const first = this.credentials.get(call.credential);
      if (!first || bySent(call, first) < 0) this.credentials.set(call.credential, call);
    }
    if (call.tool) this.tools.add(call.tool.name);
    if (call.challenge?.resourceMetadata) this.namedMetadataUrls.add(call.challenge.resourceMetadata);
    const sign = readRevision(call);
    if (sign) this.#note(sign);
  }

  /** Refusals whose answer ended between two times, both included; the latest `most` of them, by that end. */
  refusedBetween(from: number, to: number, most: number): readonly Call[] {
    const refused = this.#refusedByAnswer.items;
    const end = firstAfter(refused, to, ({ exchange }) => exchange.answered);
    const start = firstAfter(refused, from, ({ exchange }) => exchange.answered);
    let first = start;
    while (first > 0 && refused[first - 1]?.exchange.answered === from) first -= 1;
    return refused.slice(Math.max(first, end - most), end);
  }

  /** The negotiated revision, latest word wins (rules.md 0.A, version gate V(S)), and where it was learnt first. */
  get revision(): RevisionSign | null {
    let latest: { readonly first: RevisionSign; readonly last: RevisionSign } | null = null;
    for (const known of this.#revisions.values()) if (!latest || isEarlier(latest.last, known.last)) latest = known;
    return latest?.first ?? null;
  }

  #note(sign: RevisionSign): void {
    const known = this.#revisions.get(sign.revision);
    if (!known) this.#revisions.set(sign.revision, { first: sign, last: sign });
    else if (isEarlier(sign, known.first)) known.first = sign;
    else if (isEarlier(known.last, sign)) known.last = sign;
  }
}

/** The calls of one operation; most are called once, so lists are made only when there is a second. */
class AttemptRecord implements Attempts {
  readonly #first: Call;
  #lists: { readonly calls: Sorted<Call>; readonly successes: Sorted<Call> } | null = null;

  constructor(first: Call) {
    this.#first = first;
  }

  get calls(): readonly Call[] {
    return this.#lists?.calls.items ?? [this.#first];
  }

  get successes(): readonly Call[] {
    return this.#lists?.successes.items ?? [this.#first].filter(isAccepted);
  }

  add(call: Call): void {
    if (this.#lists) this.#file(call, this.#lists);
    else {
      this.#lists = { calls: new Sorted<Call>(bySent), successes: new Sorted<Call>(bySent) };
      for (const known of [this.#first, call]) this.#file(known, this.#lists);
    }
  }

  #file(call: Call, { calls, successes }: { readonly calls: Sorted<Call>; readonly successes: Sorted<Call> }): void {
    calls.add(call);
    if (isAccepted(call)) successes.add(call);
  }
}

function byAnswer(one: Call, other: Call): number {
  return one.exchange.answered - other.exchange.answered || bySent(one, other);
}

interface RevisionSign {
  /** When it was learnt: the end of the answer, milliseconds since the epoch. */
  readonly at: number;
  readonly entry: number;
  readonly revision: Revision;
  readonly from: 'header' | 'meta' | 'initialize';
}

function isEarlier(one: RevisionSign, other: RevisionSign): boolean {
  return one.at < other.at || (one.at === other.at && one.entry < other.entry);
}

function readRevision(call: Call): RevisionSign | null {
  const { status, exchange } = call;
  const { answered: at, entry } = exchange;
  const [request] = call.requests;
  if (request?.method === 'initialize') {
    if (status < 200 || status >= 300) return null;
    for (const response of readResponses(exchange)) {
      const revision = asRevision(stringMember(response.result ?? {}, 'protocolVersion') ?? '');
      if (revision) return { at, entry, revision, from: 'initialize' };
    }
    return null;
  }
  const answered = (status >= 200 && status < 300) || status === 401 || status === 403;
  if (!answered) return null;
  const meta = objectMember(request?.params ?? {}, '_meta') ?? {};
  const inMeta = asRevision(stringMember(meta, 'io.modelcontextprotocol/protocolVersion') ?? '');
  const inHeader = asRevision(header(exchange.request.headers, 'mcp-protocol-version') ?? '');
  const revision = inMeta ?? inHeader;
  if (!revision || isRefusedProbe(call)) return null;
  return { at, entry, revision, from: inMeta ? 'meta' : 'header' };
}

/**
 * Finishes servers, each with the revision that is known in the end, which judges all that came before (guard G22).
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
  const byUrl = groupBy(read, ({ exchange }) => exchange.url);
  const byResource = groupBy(read, ({ metadata: { resource } }) => (resource === null ? null : canonicalUrl(resource)));
  return records.map((record) => {
    const metadataUrls = new Set([...record.namedMetadataUrls, ...protectedResourceMetadataUrls(record.url)]);
    const own = [...metadataUrls].flatMap((url) => byUrl.get(url) ?? []).sort(bySent);
    const metadata = own.length > 0 ? own : (byResource.get(canonicalUrl(record.url)) ?? []);
    const issuers = [...new Set(metadata.toReversed().flatMap((document) => document.metadata.authorizationServers))];
    return {
      url: record.url,
      revision: revision ?? record.revision?.revision ?? null,
      revisionFrom: revision ? 'option' : (record.revision?.from ?? 'unknown'),
      issuers,
      metadata,
      calls: record.calls,
      refused: record.refused,
      attempts: record.attempts,
      tools: record.tools,
      metadataUrls,
    };
  });
}
