import { header } from '../../exchange/exchange.ts';
import { isAccepted } from '../../story/answers.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import { isOAuthServer } from '../../story/oauth-servers.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { mcp, oauth21 } from '../shared/spec/links.ts';
import {
  callsByCredential,
  credentialOf,
  firstAccepted,
  isBlanked,
  withoutCredentials,
} from '../shared/tokens/carried-tokens.ts';
import { IssuedValues } from '../shared/tokens/issued-values.ts';

/** The credential is the `access_token` that was issued, character by character. */
export const rule = defineRule({
  id: 'invalid-bearer-token',
  title: 'Something other than the access token sent as bearer',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'token-handling'),
    mcp('2025-11-25', 'token-handling'),
    mcp('2025-06-18', 'token-handling'),
    mcp('2025-03-26', 'token-requirements'),
    oauth21('5.1.1'),
  ],
  fix: 'Send the access_token of the token response as it is, and no Authorization header while there is none.',
  *judge(story) {
    const issued = new IssuedValues(story);
    for (const server of story.servers) yield* judgeServer(story, server, issued);
  },
});

/** What a program writes where its variable holds no token. */
const EMPTY_VALUES = new Set(['', 'undefined', 'null', 'None', '[object Object]']);

function* judgeServer(story: Story, server: Server, issued: IssuedValues): Generator<Judgement> {
  const subject = server.url;
  let verbatim: Call | null = null;
  let unknown: Call | null = null;
  let failed = false;
  for (const [value, calls] of callsByCredential(server)) {
    const [first] = calls;
    if (!first) continue;
    const fault = faultOf(server, value, calls, issued);
    if (fault) {
      failed = true;
      yield { kind: 'fail', subject, message: fault.message, evidence: [fault.shown] };
    } else if (issued.has(value)) verbatim ??= first;
    else if (!isBlanked(value) && value !== '') {
      // The server knows its tokens: what it accepts is one.
      const accepted = firstAccepted(calls);
      if (accepted) verbatim ??= accepted;
      else unknown ??= server.refused.find((call) => call.status === 401 && call.credential === value) ?? null;
    }
  }
  if (failed) return;
  if (unknown && isOAuthServer(story, server)) {
    const message = 'The server refused a token whose issue is not in the log.';
    const seen = [credentialOf(unknown, `${unknown.status}`)];
    yield { kind: 'open', subject, message, evidence: seen, missing: ['token-response'] };
  } else if (verbatim) {
    const message = 'The client sends its access tokens as they were issued.';
    yield { kind: 'pass', subject, message, evidence: [credentialOf(verbatim, 'the access token')] };
  } else {
    const removed = withoutCredentials(story, server);
    if (removed) yield removed;
  }
}

interface Fault {
  readonly message: string;
  readonly shown: Evidence;
}

function faultOf(server: Server, value: string, calls: readonly Call[], issued: IssuedValues): Fault | null {
  if (EMPTY_VALUES.has(value)) {
    // A recorder may empty the header; a server that answers such a call has seen more than that.
    const call = value === '' ? calls.find((one) => one.status > 0 && !isAccepted(one)) : calls[0];
    if (!call || (value === '' && firstAccepted(calls))) return null;
    const shown = value === '' ? 'nothing' : `"${value}"`;
    return { message: `The client sent ${shown} in place of an access token.`, shown: wordOf(call, value) };
  }
  const refused = server.refused.find(({ status, credential }) => status === 401 && credential === value);
  const how = refused && !issued.has(value) ? issued.likeness(value) : null;
  if (!refused || how === null) return null;
  const message = `The client sent its access token ${how}, and the server refused it.`;
  return { message, shown: credentialOf(refused, how) };
}

/** The word behind the scheme: it is no secret. */
function wordOf({ exchange }: Call, value: string): Evidence {
  const text = header(exchange.request.headers, 'authorization') ?? '';
  const at = value === '' ? -1 : text.lastIndexOf(value);
  const note = `Bearer ${value}`.trim();
  return evidence(exchange, 'request.headers.authorization', note, at < 0 ? null : [at, at + value.length]);
}
