import type { Call, Server } from '../../story/model.ts';
import { isUnreadMessage } from '../../story/recorded.ts';
import { type Walk, walked } from '../../story/walk.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { few } from '../shared/evidence/short.ts';
import { times } from '../shared/evidence/words.ts';
import {
  field,
  isSelfDescribing,
  judgeHeaders,
  showsHeaders,
  transport,
  unreadMessage,
  versionHeader,
  versionInMeta,
} from '../shared/revision/message-headers.ts';

/** From 2026-07-28 on a POST says in its headers what it asks for, so that gateways need not read bodies. */
export const rule = defineRule({
  id: 'sep-2243-client-includes-standard-headers',
  title: 'Mcp-Method or Mcp-Name missing',
  party: 'client',
  level: 'error',
  since: '2026-07-28',
  spec: [transport('2026-07-28', 'standard-request-headers')],
  fix: 'Send Mcp-Method on every POST, and Mcp-Name with the name or URI on tools/call, resources/read and prompts/get.',
  judge: (story) => judgeHeaders(story, '2026-07-28', judge),
});

/** Methods whose messages name a tool, a resource or a prompt. */
const NAMED = new Set(['tools/call', 'resources/read', 'prompts/get']);

interface Headers {
  readonly faults: { readonly call: Call; readonly missing: readonly string[] }[];
  whole: Call | null;
  cut: Call | null;
}

const headers: Walk<Headers> = {
  begin: () => ({ faults: [], whole: null, cut: null }),
  take(found, call) {
    if (call.exchange.method !== 'POST' || !showsHeaders(call)) return;
    const missing = missingOf(call);
    if (missing === null) found.cut ??= isCut(call) ? call : null;
    else if (missing.length > 0) found.faults.push({ call, missing });
    else found.whole ??= call;
  },
};

function* judge(server: Server): Generator<Judgement> {
  const subject = server.url;
  const occasion = server.url;
  const { faults, whole, cut } = walked(server, headers);
  const [first] = faults;
  if (first) {
    const names = [...new Set(faults.flatMap(({ missing }) => missing))].join(' and ');
    const count = faults.length === 1 ? 'a message' : `messages ${times(faults.length)}`;
    const seen = few(faults).map(({ call, missing }) =>
      evidence(call.exchange, 'request.url', `${call.requests[0]?.method ?? 'POST'}, no ${missing.join(', no ')}`),
    );
    return yield {
      kind: 'fail',
      subject,
      occasion,
      message: `The client sent ${count} without ${names}.`,
      evidence: seen,
    };
  }
  if (cut) {
    const message = 'The recording does not hold the body of a message, which says what headers it needs.';
    return yield unreadMessage(server, cut, message);
  }
  if (!whole) return;
  const seen = [evidence(whole.exchange, 'request.headers.mcp-method', field(whole, 'mcp-method') ?? '')];
  yield {
    kind: 'pass',
    subject,
    occasion,
    message: 'Every message says in its headers what it asks for.',
    evidence: seen,
  };
}

/** The headers that a message lacks; null for what is no message of 2026-07-28 or later. */
function missingOf(call: Call): readonly string[] | null {
  const [request] = call.requests;
  // The handshake belongs to earlier revisions, whatever its header says.
  if (!request || request.method === 'initialize') return null;
  if (!isSelfDescribing(versionInMeta(call) ?? versionHeader(call)?.trim() ?? null)) return null;
  const missing: string[] = [];
  if (field(call, 'mcp-method') === null) missing.push('Mcp-Method');
  if (request.kind === 'request' && NAMED.has(request.method) && field(call, 'mcp-name') === null)
    missing.push('Mcp-Name');
  return missing;
}

function isCut(call: Call): boolean {
  return isUnreadMessage(call) && isSelfDescribing(versionHeader(call));
}
