import { eventsSince } from '../../story/chain-events.ts';
import { heededFrom } from '../../story/heeded.ts';
import type { Call } from '../../story/model.ts';
import { attemptsAfter } from '../../story/queries.ts';
import { isSuccess } from '../../story/token-answers.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { refusalOf, tokenRequestOf } from '../shared/evidence/evidence.ts';
import { type Episode, episodes, REFRESH_WINDOW } from '../shared/recovery/recovery.ts';
import { SEP_2702 } from '../shared/spec/links.ts';

/** rules.md A.3.2, state H4x: a second 401 for the same operation is not answered by a second refresh. */
export const rule = defineRule({
  id: 'sep-2702-single-refresh',
  title: 'More than one refresh for one operation',
  party: 'client',
  level: 'warning',
  since: null,
  spec: [SEP_2702],
  fix: 'Refresh once for an operation; when the new token is refused too, report that signing in again is needed.',
  *judge(story) {
    for (const episode of episodes(story)) {
      const judgement = judge(episode);
      if (judgement) yield judgement;
    }
  },
});

function judge(episode: Episode): Judgement | null {
  const { chain, server, refusal } = episode;
  const refresh = episode.refreshes.find(isSuccess);
  if (!chain || !refresh || episode.excuse) return null;
  const { call } = refusal;
  const subject = server.url;
  const first = [refusalOf(call), tokenRequestOf(refresh)];
  const retry = retryAfter(episode, heededFrom(refresh.exchange));
  if (!retry) {
    const message = 'The call was not seen again after the refresh.';
    return { kind: 'open', subject, message, evidence: first, missing: ['later-traffic'] };
  }
  if (retry.status !== 401) return { kind: 'pass', subject, message: 'One refresh was enough.', evidence: first };
  const [next] = eventsSince(chain, heededFrom(retry.exchange));
  const second = next?.kind === 'refresh' && next.at - retry.exchange.answered <= REFRESH_WINDOW ? next.refresh : null;
  if (!second || isExpiredAgain(episode, retry.exchange.answered)) {
    const message = 'The new token was refused too, and the client did not refresh again.';
    return { kind: 'pass', subject, message, evidence: [...first, refusalOf(retry)] };
  }
  const message =
    'The new token was refused too, and the client refreshed a second time for the same operation; proposed behaviour (SEP-2702 draft): one refresh for one operation.';
  return { kind: 'fail', subject, message, evidence: [tokenRequestOf(second), refusalOf(retry), ...first] };
}

/** The operation's first attempt with another token, if it came soon. */
function retryAfter({ server, refusal: { call } }: Episode, since: number): Call | null {
  for (const later of attemptsAfter(server, call, since)) {
    if (later.exchange.sent > since + REFRESH_WINDOW) return null;
    if (later.credential !== call.credential && later.credential !== null) return later;
  }
  return null;
}

/** A token that had run out by itself begins a new cycle. */
function isExpiredAgain({ refreshes }: Episode, at: number): boolean {
  const refresh = refreshes.find(isSuccess);
  const lifetime = refresh?.response?.expiresIn ?? null;
  return refresh !== undefined && lifetime !== null && refresh.exchange.answered + lifetime * 1000 <= at;
}
