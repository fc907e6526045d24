import { eventsSince } from '../../story/chain-events.ts';
import { heededFrom } from '../../story/heeded.ts';
import type { Chain, Server, Story, TokenExchange } from '../../story/model.ts';
import { presented } from '../../story/presented.ts';
import { callsAfter } from '../../story/queries.ts';
import { isTransient } from '../../story/token-answers.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, scopeOf, tokenRequestOf } from '../shared/evidence/evidence.ts';
import { rfc, SEP_2702 } from '../shared/spec/links.ts';

/** rules.md A.3.2, state H2t: a refresh that failed for a passing reason says nothing about the refresh token. */
export const rule = defineRule({
  id: 'refresh-5xx-not-reauth',
  title: 'A passing refresh failure ended the session',
  party: 'client',
  level: 'note',
  since: null,
  spec: [SEP_2702, rfc(6749, '5.2')],
  fix: 'Keep the refresh token when a refresh fails with 5xx or no answer, and try again later.',
  *judge(story) {
    for (const chain of story.chains) {
      const { server } = chain;
      if (!server) continue;
      for (const refresh of chain.grants.flatMap((grant) => grant.refreshes)) {
        if (isTransient(refresh)) yield judge(story, chain, server, refresh);
      }
    }
  },
});

/** How long after the failure a new sign-in still counts as its answer, milliseconds. */
const WINDOW = 120_000;

function judge(story: Story, chain: Chain, server: Server, refresh: TokenExchange): Judgement {
  const subject = server.url;
  const { status } = refresh.exchange.response;
  const failed = evidence(refresh.exchange, 'response.status', status === 0 ? 'no answer' : String(status));
  const seen = [tokenRequestOf(refresh), failed];
  const since = heededFrom(refresh.exchange);
  const [next] = eventsSince(chain, since).filter(
    (event) => event.kind === 'authorization' || event.refresh !== refresh,
  );
  const bare = [...callsAfter(server, since, WINDOW)].find((call) => presented(story, call) === 'nothing');
  const told = story.surfaced.find(({ exchange }) => exchange.sent >= since && exchange.sent - since < WINDOW);
  const limit = Math.min(next?.at ?? Number.POSITIVE_INFINITY, told?.exchange.sent ?? Number.POSITIVE_INFINITY);
  const what = status === 0 ? 'got no answer' : `was answered ${status}`;
  if (bare && bare.exchange.sent < limit) {
    const message = `The refresh ${what}, and the client went on without any token: the session was thrown away for a passing fault.`;
    return {
      kind: 'fail',
      subject,
      message,
      evidence: [...seen, evidence(bare.exchange, 'response.status', 'sent without Authorization')],
    };
  }
  if (told && told.exchange.sent <= limit) {
    return {
      kind: 'pass',
      subject,
      message: `The refresh ${what}, and the client handed the original error on.`,
      evidence: seen,
    };
  }
  if (next?.kind === 'refresh') {
    return {
      kind: 'pass',
      subject,
      message: `The refresh ${what}, and the client tried again later.`,
      evidence: [...seen, tokenRequestOf(next.refresh)],
    };
  }
  if (next && next.at - since <= WINDOW) {
    const asked = next.grant.authorization;
    const message = `The refresh ${what}, and the user was sent to sign in: the session was thrown away for a passing fault.`;
    return { kind: 'fail', subject, message, evidence: asked ? [scopeOf(asked), ...seen] : seen };
  }
  const message = `The refresh ${what}; what the client did then is not in the log.`;
  return { kind: 'open', subject, message, evidence: seen, missing: ['later-traffic'] };
}
