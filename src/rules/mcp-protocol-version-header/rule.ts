import { header } from '../../exchange/exchange.ts';
import { stringMember } from '../../protocol/json.ts';
import { isAccepted } from '../../story/answers.ts';
import type { Call, Server } from '../../story/model.ts';
import { type Walk, walked } from '../../story/walk.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { few } from '../shared/evidence/short.ts';
import { times } from '../shared/evidence/words.ts';
import { field, judgeHeaders, showsHeaders, transport, versionHeader } from '../shared/revision/message-headers.ts';

/** After `initialize` every HTTP request says which revision was agreed. */
export const rule = defineRule({
  id: 'mcp-protocol-version-header',
  title: 'MCP-Protocol-Version missing after initialize',
  party: 'client',
  level: 'error',
  since: '2025-06-18',
  spec: [transport('2025-11-25', 'protocol-version-header'), transport('2025-06-18', 'protocol-version-header')],
  fix: 'Send MCP-Protocol-Version with the negotiated revision on every request after initialize.',
  judge: (story) => judgeHeaders(story, '2025-06-18', judge),
});

/** Revisions that ask for the header and have `initialize`; 2026-07-28 has a rule of its own. */
const ASKED = new Set(['2025-06-18', '2025-11-25']);

interface Headers {
  readonly sessions: Sessions;
  readonly missing: { readonly call: Call; readonly agreed: string }[];
  sent: Call | null;
  doubtful: Call | null;
}

const headers: Walk<Headers> = {
  begin: () => ({ sessions: new Sessions(), missing: [], sent: null, doubtful: null }),
  take(found, call) {
    const { sessions } = found;
    if (call.requests.some(({ method }) => method === 'initialize')) {
      sessions.begin(call);
      return;
    }
    if (!isMessage(call) || !showsHeaders(call)) return;
    const version = versionHeader(call);
    const agreed = sessions.revisionOf(call);
    if (version !== null) {
      sessions.learn(call, version);
      if (agreed !== null && ASKED.has(agreed)) found.sent ??= call;
    } else if (agreed === null) found.doubtful ??= sessions.isOpen(call) ? call : null;
    else if (ASKED.has(agreed)) found.missing.push({ call, agreed });
  },
};

function* judge(server: Server): Generator<Judgement> {
  const subject = server.url;
  const occasion = server.url;
  const { missing, sent, doubtful } = walked(server, headers);
  const [first] = missing;
  if (first) {
    const count = missing.length === 1 ? 'a request' : `requests ${times(missing.length)}`;
    const message = `After initialize the client sent ${count} without MCP-Protocol-Version; agreed was ${first.agreed}.`;
    const seen = few(missing).map(({ call }) =>
      evidence(
        call.exchange,
        'request.url',
        `${call.requests[0]?.method ?? call.exchange.method}, no MCP-Protocol-Version`,
      ),
    );
    return yield { kind: 'fail', subject, occasion, message, evidence: seen };
  }
  if (doubtful) {
    const message = 'A request has no MCP-Protocol-Version; which revision was agreed is not in the log.';
    const seen = [evidence(doubtful.exchange, 'request.url', 'no MCP-Protocol-Version')];
    return yield { kind: 'open', subject, occasion, message, evidence: seen, missing: ['initialize'] };
  }
  if (!sent) return;
  const message = 'After initialize every request says which revision was agreed.';
  const seen = [evidence(sent.exchange, 'request.headers.mcp-protocol-version', versionHeader(sent) ?? '')];
  yield { kind: 'pass', subject, occasion, message, evidence: seen };
}

/** A message, the stream, the end of a session; no health check. */
function isMessage(call: Call): boolean {
  const { requests } = call;
  const { method } = call.exchange;
  if (method === 'POST') return requests.length > 0 && requests[0]?.method !== 'server/discover';
  if (method === 'GET') return (field(call, 'accept') ?? '').includes('text/event-stream');
  return method === 'DELETE' && field(call, 'mcp-session-id') !== null;
}

/** Which revision was agreed, session by session. Without session ids it is the one that every `initialize` so far agreed on. */
class Sessions {
  readonly #bySession = new Map<string, string>();
  /** When the first `initialize` was answered. */
  #since = Number.POSITIVE_INFINITY;
  /** What all of them agreed on; null when they differ, or one is not known. */
  #common: string | null = null;

  begin(call: Call): void {
    if (!isAccepted(call)) return;
    const result = call.responses.find(({ kind }) => kind === 'result')?.result ?? null;
    const revision = result && stringMember(result, 'protocolVersion');
    const session = header(call.exchange.response.headers, 'mcp-session-id');
    if (session !== null && revision !== null) this.#bySession.set(session, revision);
    this.#common = this.#since === Number.POSITIVE_INFINITY || this.#common === revision ? revision : null;
    this.#since = Math.min(this.#since, call.exchange.answered);
  }

  learn(call: Call, version: string): void {
    const session = field(call, 'mcp-session-id');
    if (session !== null && !this.#bySession.has(session)) this.#bySession.set(session, version);
  }

  revisionOf(call: Call): string | null {
    const session = field(call, 'mcp-session-id');
    if (session !== null) return this.#bySession.get(session) ?? null;
    return this.#since <= call.exchange.sent ? this.#common : null;
  }

  /** Whether a call belongs to a session whose beginning the log may lack. */
  isOpen(call: Call): boolean {
    return field(call, 'mcp-session-id') !== null || this.#since <= call.exchange.sent;
  }
}
