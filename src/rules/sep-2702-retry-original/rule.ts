import type { Exchange } from '../../exchange/exchange.ts';
import { heededFrom } from '../../story/heeded.ts';
import { endsWithin } from '../../story/log-end.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import { attemptsAfter, callsAfter } from '../../story/queries.ts';
import { isUnreadMessage } from '../../story/recorded.ts';
import { isDefiniteRefusal, isSuccess } from '../../story/token-answers.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, refusalOf, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { type Episode, episodes, REFRESH_WINDOW } from '../shared/recovery/recovery.ts';
import { rfc, SEP_2702 } from '../shared/spec/links.ts';

/** rules.md A.3.2, state H3: after a successful refresh the call that met the 401 is sent again. */
export const rule = defineRule({
  id: 'sep-2702-retry-original',
  title: 'The call was not repeated after a successful refresh',
  party: 'client',
  level: 'warning',
  since: null,
  spec: [SEP_2702, rfc(6750, '3.1')],
  fix: 'Send the refused request again with the new token.',
  *judge(story) {
    for (const episode of episodes(story)) {
      const refresh = episode.refreshes.find(isSuccess);
      if (!refresh || episode.excuse) continue;
      const first = episode.authorization?.at ?? Number.POSITIVE_INFINITY;
      if (first < refresh.exchange.sent) continue;
      for (const call of episode.calls) {
        if (call.operation === null || call.exchange.sent >= refresh.exchange.answered) continue;
        // A stream that is open, or was when the page was left, is in no log.
        if (call.exchange.method === 'GET' && !isRepeated(episode, call)) continue;
        // A second refresh at the same time was refused: refresh-single-flight says why the call was lost.
        if (episode.refreshes.some(isDefiniteRefusal) && !isRepeated(episode, call)) continue;
        yield judge(story, episode, call, refresh);
      }
    }
  },
});

function isRepeated({ server }: Episode, call: Call): boolean {
  return retryOf(server, call, call.exchange) !== null;
}

/** The first attempt at the operation with another token, once an answer was in. */
function retryOf(server: Server, call: Call, since: Exchange): Call | null {
  for (const later of attemptsAfter(server, call, heededFrom(since))) {
    if (later.credential !== call.credential) return later;
  }
  return null;
}

function judge(story: Story, episode: Episode, call: Call, refresh: Episode['refreshes'][number]): Judgement {
  const { server, surfaced } = episode;
  const subject = server.url;
  const occasion = `call ${call.exchange.entry}`;
  const renewed = refresh.exchange.answered;
  const retry = retryOf(server, call, refresh.exchange);
  const last = server.calls.at(-1);
  const seen = [refusalOf(call), tokenAnswerOf(refresh)];
  if (retry) {
    const message = 'The call was sent again with the new token.';
    return {
      kind: 'pass',
      subject,
      occasion,
      message,
      evidence: [...seen, evidence(retry.exchange, 'response.status', String(retry.status))],
    };
  }
  const shown = surfaced.find((one) => one.call === call && one.exchange.sent > renewed);
  const wentOn =
    last !== undefined &&
    last.exchange.sent > renewed &&
    last.credential !== call.credential &&
    !endsWithin(story, renewed, REFRESH_WINDOW);
  if (!shown && !wentOn) {
    const message = 'The log ends too soon after the refresh to tell whether the call was sent again.';
    return { kind: 'open', subject, occasion, message, evidence: seen, missing: ['later-traffic'] };
  }
  const unread = unreadCall(server, call, refresh.exchange);
  if (!shown && unread) {
    const message = 'After the refresh a call was sent whose message was not recorded: it may be the refused one.';
    const open = [...seen, evidence(unread.exchange, 'request.postData', 'not recorded')];
    return { kind: 'open', subject, occasion, message, evidence: open, missing: ['request-body'] };
  }
  const consequence = shown ? ', and the model was given the error' : '';
  const message = `The refresh succeeded, and the refused call was never sent again${consequence}; proposed behaviour (SEP-2702 draft): repeat it once.`;
  return { kind: 'fail', subject, occasion, message, evidence: seen };
}

/** A call within the window whose message the log does not hold. */
function unreadCall(server: Server, refused: Call, refresh: Exchange): Call | null {
  for (const call of callsAfter(server, heededFrom(refresh), REFRESH_WINDOW)) {
    if (isUnreadMessage(call) && call.credential !== refused.credential) return call;
  }
  return null;
}
