import type { Grant, Server, Story, TokenExchange } from '../../story/model.ts';
import { isSameRecord } from '../../story/records.ts';
import { isSecret } from '../../story/token-book.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { span } from '../shared/evidence/words.ts';
import { mcp, SEP_2702 } from '../shared/spec/links.ts';
import { saysNoToken } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 9700 section 4.14.2: with rotation, a refresh token sent twice at once looks stolen and ends the session. */
export const rule = defineRule({
  id: 'refresh-single-flight',
  title: 'The same refresh token sent twice at once',
  party: 'client',
  level: 'warning',
  since: null,
  spec: [
    { text: 'RFC 9700 section 4.14.2', url: 'https://datatracker.ietf.org/doc/html/rfc9700#section-4.14.2' },
    mcp('2026-07-28', 'refresh-tokens'),
    SEP_2702,
  ],
  fix: 'Share one refresh in flight between all requests that wait for it.',
  *judge(story) {
    for (const { server, refreshes } of byToken(story)) yield judge(server, refreshes);
    yield* unreadable(story);
  },
});

function judge(server: Server, refreshes: readonly TokenExchange[]): Judgement {
  const subject = server.url;
  const [first] = refreshes;
  for (const [index, later] of refreshes.entries()) {
    const running = refreshes
      .slice(0, index)
      .find((earlier) => later.exchange.sent < earlier.exchange.answered && !isRecordedTwice(earlier, later));
    if (!running) continue;
    const refused = later.response?.error ?? running.response?.error ?? null;
    const consequence = refused ? `; the authorization server answered ${refused}` : '';
    const apart = span(later.exchange.sent - running.exchange.sent);
    const message = `The same refresh token was sent again ${apart} after the first, before its answer had come${consequence}.`;
    return {
      kind: 'fail',
      subject,
      message,
      evidence: [shown(later), shown(running), tokenAnswerOf(later), tokenAnswerOf(running)],
    };
  }
  return {
    kind: 'pass',
    subject,
    message: 'The refresh token was sent by one request at a time.',
    evidence: first ? [shown(first)] : [],
  };
}

/** No second request is given the very tokens of the first at the same time: it was recorded twice (guard G2). */
function isRecordedTwice(earlier: TokenExchange, later: TokenExchange): boolean {
  return later.response?.accessToken != null && isSameRecord(earlier.exchange, later.exchange);
}

function shown({ exchange, request }: TokenExchange) {
  const field = request.params.fields.find(({ name }) => name === 'refresh_token');
  return evidence(
    exchange,
    'request.postData',
    'refresh_token',
    request.format === 'form' ? (field?.range ?? null) : null,
  );
}

interface Group {
  readonly server: Server;
  readonly refreshes: TokenExchange[];
}

function byToken(story: Story): Group[] {
  const groups = new Map<string, Group>();
  for (const { grant, server } of withServer(story)) {
    for (const refresh of grant.refreshes) {
      const value = refresh.request.refreshToken;
      if (!isSecret(value)) continue;
      const group = groups.get(value) ?? { server, refreshes: [] };
      group.refreshes.push(refresh);
      groups.set(value, group);
    }
  }
  for (const { refreshes } of groups.values()) refreshes.sort((one, other) => one.exchange.sent - other.exchange.sent);
  return [...groups.values()];
}

/** Two refreshes at once whose tokens the recording replaced by a placeholder: equal or not, nobody can tell. */
function* unreadable(story: Story): Generator<Judgement> {
  for (const { grant, server } of withServer(story)) {
    const hidden = grant.refreshes.filter(
      ({ request: { refreshToken } }) => !isSecret(refreshToken) && !saysNoToken(refreshToken),
    );
    for (const refresh of hidden) {
      const message = 'A refresh was recorded without its refresh token.';
      yield {
        kind: 'open',
        subject: server.url,
        message,
        evidence: [evidence(refresh.exchange, 'request.postData', 'no refresh_token')],
        missing: ['refresh-token'],
      };
    }
  }
}

function withServer(story: Story): { readonly grant: Grant; readonly server: Server }[] {
  return story.grants.flatMap((grant) => (grant.server ? [{ grant, server: grant.server }] : []));
}
