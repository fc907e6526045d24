import { equalScopes } from '../../protocol/scope.ts';
import { hidesParameters } from '../../story/authorizations.ts';
import { endsWithin } from '../../story/log-end.ts';
import type { Grant, Server, Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { responseParameter } from '../shared/authorization/authorization-responses.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

const SINCE = '2025-11-25';
/** Errors that the same request will meet again. */
const FINAL = new Set(['access_denied', 'invalid_scope', 'consent_required']);
/** Nobody reads an error and starts again this soon, milliseconds. */
const AT_ONCE = 5000;

/** RFC 6749 section 4.1.2.1: an error is for the user to hear, not for a second and third attempt. */
export const rule = defineRule({
  id: 'authorization-error-surfaced',
  title: 'The authorization error was swallowed and the request repeated',
  party: 'client',
  level: 'warning',
  since: SINCE,
  spec: [
    mcp('2026-07-28', 'step-up-authorization-flow'),
    mcp(SINCE, 'step-up-authorization-flow'),
    rfc(6749, '4.1.2.1'),
  ],
  fix: "Stop at the authorization server's error and show it to the user.",
  *judge(story) {
    for (const { server, grants } of story.chains) if (server) yield* judgeChain(story, server, grants);
  },
});

function* judgeChain(story: Story, server: Server, grants: readonly Grant[]): Generator<Judgement> {
  let repeated: Grant[] = [];
  let since: Grant | null = null;
  for (const grant of grants) {
    if (since && repeats(since, repeated.at(-1) ?? since, grant)) repeated.push(grant);
    else {
      if (since) yield verdict(story, server, since, repeated);
      since = null;
      repeated = [];
    }
    since ??=
      FINAL.has(grant.callback?.response.error ?? '') && grant.authorization && !hidesParameters(grant.authorization)
        ? grant
        : null;
  }
  if (since) yield verdict(story, server, since, repeated);
}

/** The same request, sent at once after the last error, and answered without a page for the user. */
function repeats(first: Grant, last: Grant, { authorization }: Grant): boolean {
  // One that was granted ends the series.
  if (last.callback !== null && last.callback.response.error === null) return false;
  const error = (last.callback?.response.error ? last : first).callback;
  const before = first.authorization;
  if (!error || !before || !authorization || hidesParameters(authorization)) return false;
  const { request } = authorization;
  const apart = authorization.exchange.sent - error.exchange.answered;
  return (
    apart < AT_ONCE &&
    isAnsweredAtOnce(last) &&
    request.clientId === before.request.clientId &&
    request.redirectUri === before.request.redirectUri &&
    request.resources.join(' ') === before.request.resources.join(' ') &&
    equalScopes(request.scope ?? [], before.request.scope ?? [])
  );
}

/** Redirected straight to the client: the user saw no page of the authorization server. */
function isAnsweredAtOnce({ authorization, callback }: Grant): boolean {
  if (!authorization || !callback) return true;
  if (authorization.exchange === callback.exchange) return true;
  const { location } = authorization.exchange.response;
  return location !== null && (location === callback.exchange.url || callback.exchange.url.startsWith(`${location}#`));
}

function verdict(story: Story, server: Server, first: Grant, repeated: readonly Grant[]): Judgement {
  const subject = server.url;
  const { callback } = first;
  const error = callback?.response.error ?? '';
  const shown = callback ? [responseParameter(callback, 'error', `error=${error}`)] : [];
  const occasion = `${callback?.exchange.entry ?? ''}`;
  const second = repeated[1]?.authorization;
  if (second) {
    const again = repeated.flatMap(({ authorization }) =>
      authorization ? [evidence(authorization.exchange, 'request.url', 'the same request again')] : [],
    );
    const culprit = evidence(second.exchange, 'request.url', 'the same request again');
    const message = `The authorization server answered ${error}, and the client sent the same request ${repeated.length} more times, at once and without showing the error${sinceWords(server, SINCE)}.`;
    return {
      kind: 'fail',
      level: levelSince(server, SINCE, 'warning'),
      subject,
      occasion,
      message,
      evidence: [culprit, ...shown, ...again.filter(({ entry }) => entry !== culprit.entry)],
    };
  }
  if (endsWithin(story, callback?.exchange.answered ?? story.end, AT_ONCE)) {
    return {
      kind: 'open',
      subject,
      occasion,
      message: `The authorization server answered ${error}, and the log ends there.`,
      evidence: shown,
      missing: ['later-traffic'],
    };
  }
  return {
    kind: 'pass',
    subject,
    occasion,
    message: `The authorization server answered ${error}, and the client did not insist.`,
    evidence: shown,
  };
}
