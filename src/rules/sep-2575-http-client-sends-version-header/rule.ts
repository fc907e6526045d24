import type { Call, Server } from '../../story/model.ts';
import { isUnreadMessage } from '../../story/recorded.ts';
import { type Walk, walked } from '../../story/walk.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { few } from '../shared/evidence/short.ts';
import { times } from '../shared/evidence/words.ts';
import {
  isSelfDescribing,
  judgeHeaders,
  showsHeaders,
  transport,
  unreadMessage,
  versionHeader,
  versionInMeta,
} from '../shared/revision/message-headers.ts';

/** From 2026-07-28 on there is no handshake: each POST carries its revision. */
export const rule = defineRule({
  id: 'sep-2575-http-client-sends-version-header',
  title: 'POST without MCP-Protocol-Version',
  party: 'client',
  level: 'error',
  since: '2026-07-28',
  spec: [transport('2026-07-28', 'protocol-version-header')],
  fix: 'Send MCP-Protocol-Version on every POST, with the revision that its _meta names.',
  judge: (story) => judgeHeaders(story, '2026-07-28', judge),
});

interface Headers {
  readonly missing: Call[];
  sent: Call | null;
  cut: Call | null;
}

const headers: Walk<Headers> = {
  begin: () => ({ missing: [], sent: null, cut: null }),
  take(found, call) {
    if (call.exchange.method !== 'POST' || !showsHeaders(call)) return;
    const version = versionHeader(call);
    if (version === null && isUnreadMessage(call)) found.cut ??= call;
    if (!isSelfDescribing(versionInMeta(call))) return;
    if (version === null) found.missing.push(call);
    else found.sent ??= call;
  },
};

function* judge(server: Server): Generator<Judgement> {
  const subject = server.url;
  const occasion = server.url;
  const { missing, sent, cut } = walked(server, headers);
  const [first] = missing;
  if (first) {
    const count = missing.length === 1 ? 'a message' : `messages ${times(missing.length)}`;
    const message = `The client sent ${count} of MCP ${versionInMeta(first)} without the header MCP-Protocol-Version.`;
    const seen = few(missing).map((call) =>
      evidence(call.exchange, 'request.url', `${call.requests[0]?.method ?? 'POST'}, no MCP-Protocol-Version`),
    );
    return yield { kind: 'fail', subject, occasion, message, evidence: seen };
  }
  if (cut && isSelfDescribing(server.revision)) {
    const message = 'A POST has no MCP-Protocol-Version, and the recording does not hold its body.';
    return yield unreadMessage(server, cut, message);
  }
  if (!sent) return;
  const message = 'Every POST has the header MCP-Protocol-Version.';
  const seen = [evidence(sent.exchange, 'request.headers.mcp-protocol-version', versionHeader(sent) ?? '')];
  yield { kind: 'pass', subject, occasion, message, evidence: seen };
}
