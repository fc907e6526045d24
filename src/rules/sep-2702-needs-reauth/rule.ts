import type { Exchange } from '../../exchange/exchange.ts';
import { eventsSince } from '../../story/chain-events.ts';
import { heededFrom } from '../../story/heeded.ts';
import type { Call, Chain, Server, Story, TokenExchange } from '../../story/model.ts';
import { isDefiniteRefusal, isSuccess } from '../../story/token-answers.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, refusalOf, tokenAnswerOf, tokenRequestOf } from '../shared/evidence/evidence.ts';
import { type Episode, episodes } from '../shared/recovery/recovery.ts';
import { rfc, SEP_2702 } from '../shared/spec/links.ts';

/** rules.md A.3.2, state H2x: a refused refresh token is dropped, and the user is asked once to connect again. */
export const rule = defineRule({
  id: 'sep-2702-needs-reauth',
  title: 'A dead refresh token is not turned into a new sign-in',
  party: 'client',
  level: 'warning',
  since: null,
  spec: [SEP_2702, rfc(6749, '5.2')],
  fix: 'Discard a refresh token that was answered invalid_grant, and ask the user once to connect again.',
  *judge(story) {
    const all = episodes(story);
    for (const chain of story.chains) if (chain.server) yield* judge(story, chain, chain.server, all);
  },
});

function* judge(story: Story, chain: Chain, server: Server, all: readonly Episode[]): Generator<Judgement> {
  const refreshes = chain.grants
    .flatMap((grant) => grant.refreshes)
    .toSorted((one, other) => one.exchange.sent - other.exchange.sent);
  const judged = new Set<string>();
  for (const refused of refreshes) {
    const value = refused.request.refreshToken;
    if (!isDefiniteRefusal(refused) || !value || judged.has(value)) continue;
    judged.add(value);
    // Two refreshes at once: the other one's answer is the live session.
    const alive = refreshes.some((other) => isSuccess(other) && other.exchange.answered >= refused.exchange.sent);
    if (!alive) yield judgeRefused(story, chain, server, refused, refreshes, all);
  }
}

function judgeRefused(
  story: Story,
  chain: Chain,
  server: Server,
  refused: TokenExchange,
  refreshes: readonly TokenExchange[],
  all: readonly Episode[],
): Judgement {
  const subject = server.url;
  const since = knownFrom(refused.exchange);
  const seen = [tokenAnswerOf(refused)];
  const fail = (what: string, culprit: Judgement['evidence']): Judgement => ({
    kind: 'fail',
    subject,
    message: `The refresh token was refused${refused.response?.error ? ` (${refused.response.error})` : ''}, and ${what}; proposed behaviour (SEP-2702 draft): drop it and ask once to sign in again.`,
    evidence: [...culprit, ...seen],
  });
  const renewal = eventsSince(chain, heededFrom(refused.exchange)).find((event) => event.kind === 'authorization');
  const renewed = renewal?.at ?? Number.POSITIVE_INFINITY;
  const again = refreshes.find(
    ({ exchange, request }) =>
      exchange.sent >= since && exchange.sent < renewed && request.refreshToken === refused.request.refreshToken,
  );
  if (again) return fail('it was sent again', [tokenRequestOf(again)]);
  const episode = all.find((one) => one.refreshes.includes(refused));
  const raw = story.surfaced.find(
    (shown) =>
      episode?.surfaced.includes(shown) &&
      shown.exchange.sent > since &&
      shown.exchange.sent < renewed &&
      !isStructured(shown.text),
  );
  if (raw && renewal?.grant.authorization === null) {
    const message =
      'The refresh token was refused, and the user signed in; whether the model was told before is not in the log.';
    return { kind: 'open', subject, message, evidence: seen, missing: ['authorization-request'] };
  }
  if (raw)
    return fail('the raw error was given to the model', [
      evidence(raw.exchange, 'request.postData', 'the tool result given to the model', raw.result.textRange),
    ]);
  if (renewal)
    return {
      kind: 'pass',
      subject,
      message: 'The refresh token was refused, and the client asked the user to sign in.',
      evidence: seen,
    };
  const told = episode?.surfaced.find((shown) => shown.exchange.sent > since);
  if (told)
    return {
      kind: 'pass',
      subject,
      message: 'The refresh token was refused, and the client said that signing in again is needed.',
      evidence: seen,
    };
  const reuses: readonly Call[] = episode?.reuses.filter(({ exchange }) => exchange.sent > since) ?? [];
  const [, second] = reuses;
  if (second && chain.grants.some(({ authorization }) => authorization !== null)) {
    return fail('the dead token was used again and again', reuses.map(refusalOf));
  }
  const missing = second ? 'authorization-request' : 'later-traffic';
  const message = 'The refresh token was refused; what the client did then is not in the log.';
  return { kind: 'open', subject, message, evidence: seen, missing: [missing] };
}

/** How long an answer of unknown duration may have taken, milliseconds: a second refresh by then may have been under way. */
const UNTIMED = 2000;

function knownFrom({ sent, answered }: Exchange): number {
  return answered > sent ? answered : sent + UNTIMED;
}

/** A result that tells the model what the user must do, rather than what the server said. */
function isStructured(text: string): boolean {
  const lower = text.toLowerCase();
  return [
    'needs_reauth',
    'reconnect',
    'sign in',
    'log in',
    'reauthoriz',
    're-authoriz',
    'reauthenticat',
    're-authenticat',
  ].some((word) => lower.includes(word));
}
