import type { Story, Surfaced } from '../../story/model.ts';
import { isDefiniteRefusal, isSuccess } from '../../story/token-answers.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present, rangeOfText, refusalOf, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { type Episode, episodes } from '../shared/recovery/recovery.ts';
import { mcp, rfc, SEP_2702 } from '../shared/spec/links.ts';

/** rules.md A.3.2 and A.3.4: a 401 that a refresh would have mended was given to the model as the tool's answer. */
export const rule = defineRule({
  id: 'sep-2702-401-surfaced-to-model',
  title: '401 shown to the model although a refresh token was at hand',
  party: 'client',
  level: 'warning',
  since: null,
  spec: [SEP_2702, rfc(6750, '3.1'), mcp('2026-07-28', 'refresh-tokens')],
  fix: 'Refresh once and repeat the call before a tool result is given to the model.',
  *judge(story) {
    for (const episode of episodes(story)) {
      yield* judge(episode);
      yield* judgeVisible(story, episode);
    }
    yield* judgeHosted(story);
  },
});

function* judge(episode: Episode): Generator<Judgement> {
  const { server, surfaced, refusal, calls } = episode;
  const subject = server.url;
  for (const shown of surfaced) yield* judgeShown(episode, shown);
  if (surfaced.length > 0) return;
  const tool = calls.find((call) => call.tool !== null);
  if (!tool) return;
  const seen = [refusalOf(refusal.call)];
  if (episode.excuse) {
    yield {
      kind: 'notApplicable',
      subject,
      message: 'The 401 says nothing about how the client keeps its tokens.',
      evidence: seen,
    };
  } else if (
    episode.authorization &&
    episode.authorization.at < (episode.retry?.exchange.sent ?? Number.POSITIVE_INFINITY)
  ) {
    yield {
      kind: 'notApplicable',
      subject,
      message: 'The client asked the user to sign in; what the model was told is not in the log.',
      evidence: seen,
    };
  } else if (episode.retry && episode.retry.status >= 200 && episode.retry.status < 300) {
    const message = 'The call was repeated with a new token and succeeded; the model saw no error.';
    yield {
      kind: 'pass',
      subject,
      message,
      evidence: [...seen, evidence(episode.retry.exchange, 'response.status', String(episode.retry.status))],
    };
  } else {
    const message = 'The tool call ended in a 401; no request to a model in the log shows whether it was told.';
    yield { kind: 'open', subject, message, evidence: seen, missing: ['model-traffic'] };
  }
}

function* judgeShown(episode: Episode, shown: Surfaced): Generator<Judgement> {
  const { server, refreshes, authorization, refreshToken, retry } = episode;
  const subject = server.url;
  const at = shown.exchange.sent;
  const seen = present([
    evidence(shown.exchange, 'request.postData', 'the tool result given to the model', shown.result.textRange),
    refusalOf(shown.call),
    episode.refreshTokenFrom ? tokenAnswerOf(episode.refreshTokenFrom) : null,
  ]);
  const say = (kind: 'pass' | 'notApplicable', message: string): Judgement => ({
    kind,
    subject,
    message,
    evidence: seen,
  });
  if (episode.excuse) return yield say('notApplicable', 'The 401 says nothing about how the client keeps its tokens.');
  const refresh = refreshes.find(({ exchange }) => exchange.sent < at);
  if (refresh && isDefiniteRefusal(refresh))
    return yield say('notApplicable', 'The refresh token was refused first; see sep-2702-needs-reauth.');
  if (refresh && !isSuccess(refresh))
    return yield say('pass', 'The refresh failed for a passing reason, so the error was handed on.');
  if (refresh && retry && retry.exchange.sent < at)
    return yield say('pass', 'The call was repeated with a new token before the model was told.');
  if (authorization && authorization.at < at) return yield say('notApplicable', 'The user was asked to sign in first.');
  const proof = shown.proof === 'proved' ? "joined by the model's call id" : 'joined by tool name and time';
  if (refreshToken === 'unknown') {
    const message =
      'A 401 was given to the model as a tool result; whether the client held a refresh token is not in the log.';
    return yield { kind: 'open', subject, message, evidence: seen, missing: ['token-response'] };
  }
  if (refreshToken === 'no') {
    yield say('notApplicable', 'The client had no refresh token to use.');
    const message =
      'A 401 was given to the model as a tool result: without a refresh token every expiry ends this way; requesting offline_access would avoid it.';
    return yield { kind: 'informational', subject, message, evidence: seen };
  }
  if (episode.unreadRefresh && episode.unreadRefresh.sent < at) {
    const message =
      'A 401 was given to the model as a tool result; a request to the token endpoint came before it, and its body was not recorded.';
    const sent = evidence(episode.unreadRefresh, 'request.url', 'token request without its body');
    return yield { kind: 'open', subject, message, evidence: [...seen, sent], missing: ['token-request'] };
  }
  const late = refreshes.some(({ exchange }) => exchange.sent >= at) ? '; the refresh came only afterwards' : '';
  const message = `${shown.call.tool?.name ?? 'A call'} was answered 401, and the error was given to the model (${proof}) although the client held a refresh token${late}; proposed behaviour (SEP-2702 draft): refresh once and repeat the call.`;
  yield { kind: 'fail', subject, message, evidence: seen };
}

/** rules.md A.3.4, join step 4: the refresh was silent, the retry was not. */
function* judgeVisible(story: Story, { server, calls }: Episode): Generator<Judgement> {
  for (const { exchange, callId, call } of story.visibleRetries) {
    if (!calls.includes(call)) continue;
    const again = evidence(
      exchange,
      'response.content',
      'asked again',
      rangeOfText(exchange.response.body.text, callId),
    );
    const message = `${call.tool?.name ?? 'The call'} was refreshed and repeated, and yet the model asked for it again under a new call id; proposed behaviour (SEP-2702 draft): keep the call's id through the retry.`;
    yield { kind: 'fail', level: 'note', subject: server.url, message, evidence: [again, refusalOf(call)] };
  }
}

/** Cause C9: the provider of the model called the MCP server itself. */
function* judgeHosted(story: Story): Generator<Judgement> {
  for (const { exchange, part, range } of story.hostedErrors) {
    const message =
      "An MCP tool failed on the model provider's side or behind the page's own back end; its MCP traffic is not in the log.";
    const seen = [evidence(exchange, part, 'tool error', range)];
    yield {
      kind: 'open',
      subject: story.servers[0]?.url ?? exchange.url,
      message,
      evidence: seen,
      missing: ['mcp-traffic'],
    };
  }
}
