import type { Story, Token } from '../../story/model.ts';
import { firstAfter } from '../../story/order.ts';
import { isSuccess } from '../../story/token-answers.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present, refusalOf, scopeOf, tokenAnswerOf, tokenRequestOf } from '../shared/evidence/evidence.ts';
import { span } from '../shared/evidence/words.ts';
import { type Episode, episodes, REFRESH_WINDOW } from '../shared/recovery/recovery.ts';
import { mcp, rfc, SEP_2702 } from '../shared/spec/links.ts';

/** rules.md A.3.2, states H1 and H2: a 401 for a dead token is mended by one refresh. */
export const rule = defineRule({
  id: 'sep-2702-silent-refresh',
  title: 'No refresh attempted after a 401',
  party: 'client',
  level: 'warning',
  since: null,
  spec: [SEP_2702, rfc(6750, '3.1'), mcp('2026-07-28', 'refresh-tokens')],
  fix: 'On a 401 with invalid_token, refresh once and repeat the request; send the user to sign in only when that fails.',
  *judge(story) {
    for (const episode of episodes(story)) {
      const judgement = judge(episode);
      if (judgement) yield judgement;
    }
    yield* judgeProactive(story);
    yield* judgeSanitized(story);
  },
});

function judge(episode: Episode): Judgement | null {
  const { refusal, server, refreshes, authorization, surfaced, retry, refreshToken, errorGiven, activeUntil } = episode;
  const { call } = refusal;
  const subject = server.url;
  const seen = [refusalOf(call)];
  const answered = call.exchange.answered;
  if (episode.excuse === 'logged-out')
    return { kind: 'notApplicable', subject, message: 'The session had been ended on purpose.', evidence: seen };
  if (episode.excuse === 'fresh') {
    const message =
      'The token was refused right after its issue, which points to the server (audience, clock, propagation), not to the client.';
    return { kind: 'notApplicable', subject, message, evidence: seen };
  }
  const [refresh] = refreshes;
  const asked = authorization?.at ?? Number.POSITIVE_INFINITY;
  const told = surfaced[0]?.exchange.sent ?? Number.POSITIVE_INFINITY;
  if (refresh && refresh.exchange.sent <= asked && refresh.exchange.sent - answered <= REFRESH_WINDOW) {
    const message = `The client refreshed ${span(refresh.exchange.sent - answered)} after the 401.`;
    return { kind: 'pass', subject, message, evidence: [...seen, tokenRequestOf(refresh)] };
  }
  if (retry && retry.exchange.sent <= asked) {
    return {
      kind: 'pass',
      subject,
      message: 'The call was repeated with another token.',
      evidence: [...seen, evidence(retry.exchange, 'response.status', String(retry.status))],
    };
  }
  // The model saw it first: that is sep-2702-401-surfaced-to-model's to say.
  if (told < asked) return null;
  if (refreshToken === 'no') {
    return { kind: 'notApplicable', subject, message: 'The client had no refresh token to use.', evidence: seen };
  }
  if (episode.unreadRefresh) {
    const message =
      'A request went to the token endpoint after the 401; its body was not recorded, so whether it was a refresh is not in the log.';
    const sent = evidence(episode.unreadRefresh, 'request.url', 'token request without its body');
    return { kind: 'open', subject, message, evidence: [...seen, sent], missing: ['token-request'] };
  }
  if (authorization && authorization.kind === 'authorization') {
    const { grant } = authorization;
    const culprit = grant.authorization
      ? scopeOf(grant.authorization)
      : grant.token
        ? tokenRequestOf(grant.token)
        : null;
    const all = present([culprit, ...seen, episode.refreshTokenFrom ? tokenAnswerOf(episode.refreshTokenFrom) : null]);
    if (refreshToken === 'unknown') {
      const message =
        'After the 401 the user was sent to sign in; whether the client held a refresh token is not in the log.';
      return { kind: 'open', subject, message, evidence: all, missing: ['token-response'] };
    }
    const message = `After the 401 the user was sent to sign in, although the client held a refresh token${errorGiven ? '' : ' (the 401 gave no error code)'}; proposed behaviour (SEP-2702 draft): refresh first.`;
    return { kind: 'fail', level: errorGiven ? 'warning' : 'note', subject, message, evidence: all };
  }
  if (refreshToken === 'unknown') {
    const message = 'Nothing followed the 401; whether the client held a refresh token is not in the log.';
    return { kind: 'open', subject, message, evidence: seen, missing: ['token-response'] };
  }
  if (activeUntil - answered <= REFRESH_WINDOW) {
    const message = 'The log ends too soon after the 401 to tell whether the client refreshed.';
    return { kind: 'open', subject, message, evidence: seen, missing: ['later-traffic'] };
  }
  const message =
    'The client went on for 30 s after the 401 without using its refresh token; proposed behaviour (SEP-2702 draft): refresh first.';
  const from = episode.refreshTokenFrom;
  return { kind: 'fail', level: 'note', subject, message, evidence: from ? [...seen, tokenAnswerOf(from)] : seen };
}

/** A token with less time than this left is due for a refresh, milliseconds. */
const DUE = 120_000;

/** rules.md A.3.2, state H0: the client refreshed a token that was running out before any server refused it. */
function* judgeProactive(story: Story): Generator<Judgement> {
  const issued = issuedByChain(story);
  const refused = firstRefusals(story);
  for (const { id, server, grants } of story.chains) {
    const tokens = issued.get(id);
    if (!server || !tokens) continue;
    for (const refresh of grants.flatMap((grant) => grant.refreshes)) {
      const at = refresh.exchange.sent;
      const replaced = tokens[firstAfter(tokens, at, (token) => token.at) - 1];
      const expiry = replaced?.token.expiresAt ?? null;
      if (!replaced || expiry === null || expiry - at > DUE || !isSuccess(refresh)) continue;
      if ((refused.get(replaced.token.value) ?? Number.POSITIVE_INFINITY) <= at) continue;
      const when = expiry > at ? `${span(expiry - at)} before the token expired` : 'before the expired token was used';
      const message = `The client refreshed ${when}.`;
      yield { kind: 'pass', subject: server.url, message, evidence: [tokenRequestOf(refresh)] };
    }
  }
}

interface Issued {
  readonly token: Token;
  /** When its token response had ended. */
  readonly at: number;
}

/** The access tokens of each chain by the time they were issued. */
function issuedByChain(story: Story): Map<string, Issued[]> {
  const byChain = new Map<string, Issued[]>();
  for (const token of story.tokens) {
    if (token.kind !== 'access' || !token.grant || !token.issuedBy) continue;
    const issued = { token, at: token.issuedBy.exchange.answered };
    const known = byChain.get(token.grant.chain);
    if (known) known.push(issued);
    else byChain.set(token.grant.chain, [issued]);
  }
  for (const tokens of byChain.values()) tokens.sort((one, other) => one.at - other.at);
  return byChain;
}

/** When each credential was refused first. */
function firstRefusals(story: Story): Map<string, number> {
  const first = new Map<string, number>();
  for (const { credential, exchange } of story.servers.flatMap((server) => server.refused)) {
    if (credential !== null) first.set(credential, Math.min(first.get(credential) ?? exchange.sent, exchange.sent));
  }
  return first;
}

/** Guard G19: a sanitized recording shows 401s, and not whether they refused a token. */
function* judgeSanitized(story: Story): Generator<Judgement> {
  if (!story.sanitized) return;
  for (const server of story.servers) {
    const call = server.refused.find(
      (refused) => refused.status === 401 && refused.challenge?.error === 'invalid_token',
    );
    if (!call) continue;
    const message =
      'The recording was made without Authorization headers, so it is unknown whether the 401 refused a token.';
    yield {
      kind: 'open',
      subject: server.url,
      message,
      evidence: [refusalOf(call)],
      missing: ['authorization-header'],
    };
  }
}
