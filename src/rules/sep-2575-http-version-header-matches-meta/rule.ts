import { rangeOfMember } from '../../protocol/json-range.ts';
import { isAccepted } from '../../story/answers.ts';
import type { Call, Server } from '../../story/model.ts';
import { isUnreadMessage } from '../../story/recorded.ts';
import { type Walk, walked } from '../../story/walk.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { quoted } from '../shared/evidence/document.ts';
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

/** The header is there so that what stands between may read it: it says what the body says. */
export const rule = defineRule({
  id: 'sep-2575-http-version-header-matches-meta',
  title: 'MCP-Protocol-Version differs from the message',
  party: 'client',
  level: 'error',
  since: '2026-07-28',
  spec: [transport('2026-07-28', 'protocol-version-header'), transport('2026-07-28', 'server-validation')],
  fix: 'Write the revision of the message into the header MCP-Protocol-Version, and refuse a message whose header differs with 400 and code -32020.',
  judge: (story) => judgeHeaders(story, '2026-07-28', judge),
});

interface Comparison {
  readonly differing: Call[];
  same: Call | null;
  cut: Call | null;
}

const comparison: Walk<Comparison> = {
  begin: () => ({ differing: [], same: null, cut: null }),
  take(found, call) {
    if (call.exchange.method !== 'POST' || !showsHeaders(call)) return;
    const version = versionHeader(call);
    if (version === null) return;
    const inMeta = versionInMeta(call);
    if (inMeta === null) {
      if (isUnreadMessage(call) && isSelfDescribing(version)) found.cut ??= call;
    } else if (version.trim() === inMeta) found.same ??= call;
    else found.differing.push(call);
  },
};

function* judge(server: Server): Generator<Judgement> {
  const subject = server.url;
  const occasion = server.url;
  const { differing, same, cut } = walked(server, comparison);
  const [first] = differing;
  if (first) {
    const count = differing.length === 1 ? '' : ` (${times(differing.length)})`;
    const message = `The header MCP-Protocol-Version says ${quoted(versionHeader(first) ?? '')}, the message ${quoted(versionInMeta(first) ?? '')}${count}.`;
    yield { kind: 'fail', subject, occasion, message, evidence: few(differing).flatMap(shown) };
    const accepted = differing.find((call) => isAccepted(call) && call.responses.some(({ kind }) => kind === 'result'));
    if (accepted) {
      const seen = [evidence(accepted.exchange, 'response.status', String(accepted.status)), ...shown(accepted)];
      const why = 'The server answered a message whose header names another revision than the message itself.';
      yield { kind: 'fail', party: 'server', subject, occasion, message: why, evidence: seen };
    }
  } else if (cut) {
    const message = 'The recording does not hold the message that goes with the header MCP-Protocol-Version.';
    yield unreadMessage(server, cut, message);
  } else if (same) {
    const message = 'The header MCP-Protocol-Version says what the messages say.';
    yield { kind: 'pass', subject, occasion, message, evidence: shown(same) };
  }
}

function shown(call: Call): Evidence[] {
  const { exchange } = call;
  const value = versionHeader(call) ?? '';
  const inMeta = versionInMeta(call) ?? '';
  const range = rangeOfMember(exchange.request.body.text, 'io.modelcontextprotocol/protocolVersion');
  return [
    evidence(exchange, 'request.headers.mcp-protocol-version', quoted(value), value === '' ? null : [0, value.length]),
    evidence(exchange, 'request.postData', quoted(inMeta), range && range[0] < range[1] ? range : null),
  ];
}
