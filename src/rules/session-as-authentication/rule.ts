import { header } from '../../exchange/exchange.ts';
import { readTarget } from '../../protocol/url.ts';
import { isAccepted } from '../../story/answers.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement, SpecLink } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { withoutCredentials } from '../shared/tokens/carried-tokens.ts';

const page = (revision: string, section: string): SpecLink => ({
  text: `MCP ${revision}, security best practices, ${section.replaceAll('-', ' ')}`,
  url: `https://modelcontextprotocol.io/docs/${revision}/tutorials/security/security_best_practices#${section}`,
});

/** A session id says which conversation it is, not who speaks. */
export const rule = defineRule({
  id: 'session-as-authentication',
  title: 'Session id accepted in place of a token',
  party: 'server',
  level: 'error',
  since: '2025-03-26',
  spec: [
    page('2026-07-28', 'state-handle-hijacking'),
    page('2025-11-25', 'session-hijacking'),
    page('2025-06-18', 'session-hijacking'),
    page('2025-03-26', 'session-hijacking'),
  ],
  fix: 'Verify the access token of every request, whatever session it names.',
  *judge(story) {
    for (const server of story.servers) {
      const judgement = judge(story, server);
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, server: Server): Judgement | null {
  const subject = server.url;
  const occasion = server.url;
  const demanded = new Map<string, Call>();
  let refused: Call | null = null;
  for (const call of server.refused) {
    if (call.status !== 401 || call.scheme !== 'none' || call.operation === null) continue;
    if (sessionOf(call) === null) demanded.set(call.operation, call);
    else refused ??= call;
  }
  const removed = withoutCredentials(story, server);
  if (removed) return removed;
  for (const [operation, without] of demanded) {
    const accepted = server.attempts
      .get(operation)
      ?.successes.find((call) => call.scheme === 'none' && sessionOf(call) !== null);
    if (!accepted) continue;
    const seen = [
      evidence(
        accepted.exchange,
        'request.headers.mcp-session-id',
        `${accepted.status}, no Authorization`,
        sessionRange(accepted),
      ),
      evidence(without.exchange, 'response.status', '401 without session and token'),
    ];
    const means = otherMeans(accepted);
    if (means) {
      const message =
        'The server answered a call without a token, which carried something else that may stand for one.';
      return {
        kind: 'open',
        subject,
        occasion,
        message,
        evidence: [...seen, means],
        missing: ['meaning-of-the-credential'],
      };
    }
    if (!accepted.responses.some(({ kind }) => kind === 'result')) continue;
    const message = `The server answered ${operationName(accepted)}, which had a session id and no token, with ${accepted.status}, and the same call without the session with 401.`;
    return { kind: 'fail', subject, occasion, message, evidence: seen };
  }
  if (!refused) return null;
  const message = 'The server refuses a call that has a session id and no token.';
  return { kind: 'pass', subject, occasion, message, evidence: [evidence(refused.exchange, 'response.status', '401')] };
}

function sessionOf({ exchange }: Call): string | null {
  return header(exchange.request.headers, 'mcp-session-id');
}

function sessionRange(call: Call): readonly [number, number] | null {
  const value = sessionOf(call) ?? '';
  return isAccepted(call) && value !== '' ? [0, value.length] : null;
}

/** Parts of header and parameter names that carry credentials. */
const CREDENTIALS = ['auth', 'token', 'key', 'secret', 'cookie', 'assertion'];

/** A cookie, a key in a header of its own or in the URL: the server may know the caller by that. */
function otherMeans({ exchange }: Call): Evidence | null {
  for (const { name } of exchange.request.headers) {
    const lower = name.toLowerCase();
    if (CREDENTIALS.some((part) => lower.includes(part))) return evidence(exchange, `request.headers.${lower}`, lower);
  }
  const field = readTarget(exchange.url)?.query.fields.find(({ name }) =>
    CREDENTIALS.some((part) => name.toLowerCase().includes(part)),
  );
  return field ? evidence(exchange, 'request.url', field.name) : null;
}
