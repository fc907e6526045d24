import type { HeaderFields } from '../../../exchange/exchange.ts';
import { objectMember, stringMember } from '../../../protocol/json.ts';
import type { Revision } from '../../../protocol/mcp.ts';
import type { Call, Server, Story } from '../../../story/model.ts';
import { speaks } from '../../../story/revisions.ts';
import type { Judgement, SpecLink } from '../../rule.ts';
import { evidence } from '../evidence/evidence.ts';

/** The first revision whose every POST says which revision it speaks, in its header and in its body. */
const SELF_DESCRIBING: Revision = '2026-07-28';

/**
 * The combined value of a request's header field, its name in lower case; null without it. Rules that walk every call
 * ask by this: names of another length are passed over unread.
 */
export function field({ exchange }: Call, name: string): string | null {
  return valueIn(exchange.request.headers, name);
}

function valueIn(headers: HeaderFields, name: string): string | null {
  let found: string | null = null;
  for (const one of headers) {
    if (one.name.length !== name.length || one.name.toLowerCase() !== name) continue;
    found = found === null ? one.value : `${found}, ${one.value}`;
  }
  return found;
}

/** `MCP-Protocol-Version` of a call; null without one. */
export function versionHeader(call: Call): string | null {
  return field(call, 'mcp-protocol-version');
}

/** The revision that a message's `_meta` names (from 2026-07-28 on); null when it names none. */
export function versionInMeta({ requests }: Call): string | null {
  for (const { params } of requests) {
    const meta = params === null ? null : objectMember(params, '_meta');
    const version = meta && stringMember(meta, 'io.modelcontextprotocol/protocolVersion');
    if (version !== null) return version;
  }
  return null;
}

/** Whether a name of a revision is that of 2026-07-28 or of a later one; names are dates. */
export function isSelfDescribing(version: string | null): boolean {
  return version !== null && version.length === SELF_DESCRIBING.length && version >= SELF_DESCRIBING;
}

/** Whether a server is to be judged by a revision that does not know the headers yet, whatever its messages say (`--spec`). */
function isJudgedByOlder(server: Server, since: Revision): boolean {
  return server.revisionFrom === 'option' && speaks(server, since) === false;
}

/** Judges every server but those that are to be judged by an older revision than the one that brought the headers. */
export function* judgeHeaders(
  { servers }: Story,
  since: Revision,
  judge: (server: Server) => Iterable<Judgement>,
): Generator<Judgement> {
  for (const server of servers) if (!isJudgedByOlder(server, since)) yield* judge(server);
}

/** Open, for want of the body that says which headers a message needs. */
export function unreadMessage(server: Server, { exchange }: Call, message: string): Judgement {
  const seen = [evidence(exchange, 'request.postData', 'not recorded')];
  return {
    kind: 'open',
    subject: server.url,
    occasion: server.url,
    message,
    evidence: seen,
    missing: ['request-body'],
  };
}

/** Sent, whole, and by the client itself: what a proxy's envelope holds may lack the headers that the proxy adds. */
export function showsHeaders({ exchange, status }: Call): boolean {
  return status > 0 && exchange.envelope === null && !exchange.fromCache && exchange.request.headers.length > 0;
}

/** A section of the transport's page. */
export function transport(revision: Revision, section: string): SpecLink {
  const place = revision === '2026-07-28' ? 'transports/streamable-http' : 'transports';
  return {
    text: `MCP ${revision}, transports, ${section.replaceAll('-', ' ')}`,
    url: `https://modelcontextprotocol.io/specification/${revision}/basic/${place}#${section}`,
  };
}
