import { covers, includesAll } from '../../protocol/scope.ts';
import { couldReadChallenge } from '../../story/calls.ts';
import { type ChainEvent, eventsSince, type Refusal, refusals } from '../../story/chain-events.ts';
import { isMachineGrant } from '../../story/grants.ts';
import { heededFrom } from '../../story/heeded.ts';
import type { Call, Grant, Story } from '../../story/model.ts';
import { oncePer } from '../../story/once.ts';
import { presented } from '../../story/presented.ts';
import { attemptsAfter, callsAfter, nextSuccess } from '../../story/queries.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { challengeUntold } from '../shared/challenges/untold.ts';
import { challengeScopeOf, evidence, present, scopeOf, tokenRequestOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** rules.md A.2.2, state U2: a readable insufficient_scope asks for an authorization request. */
export const rule = defineRule({
  id: 'scope-step-up-escalation',
  title: '403 insufficient_scope not answered by a step-up',
  party: 'client',
  level: 'warning',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'step-up-authorization-flow'),
    mcp('2025-11-25', 'step-up-authorization-flow'),
    rfc(6750, '3.1'),
  ],
  fix: 'Send an authorization request for the earlier scopes and the challenged ones, then repeat the call.',
  *judge(story) {
    const judged = new Set<string>();
    for (const refusal of refusals(story)) {
      const { call, server } = refusal;
      if (call.status !== 403 || call.challenge?.error !== 'insufficient_scope') continue;
      const occasion = `${server.url}\n${call.operation}\n${(call.challenge.scope ?? []).toSorted().join(' ')}`;
      if (judged.has(occasion)) continue;
      judged.add(occasion);
      yield { ...judge(story, refusal), occasion };
    }
  },
});

/** How long the user may take, milliseconds (rules.md E, W403). */
const WINDOW = 120_000;

function judge(story: Story, { call, chain, server, since }: Refusal): Judgement {
  const subject = server.url;
  const seen = [challengeScopeOf(call)];
  const challenged = call.challenge?.scope ?? [];
  const readable = couldReadChallenge(call);
  if (readable === false) {
    return {
      kind: 'notApplicable',
      subject,
      message: "The page's script could not read the challenge.",
      evidence: seen,
    };
  }
  const later = chain ? eventsSince(chain, since) : [];
  const answered = later.find((event) => isStepUp(event, challenged));
  if (answered?.kind === 'authorization') {
    const request = answered.grant.authorization;
    return {
      kind: 'pass',
      subject,
      message: `The client asked for ${scopes(challenged)}.`,
      evidence: request ? [...seen, scopeOf(request)] : seen,
    };
  }
  const unseen = later.find((event) => event.kind === 'authorization' && event.grant.authorization === null);
  if (unseen?.kind === 'authorization' && unseen.grant.token) {
    const message = `A sign-in followed; whether it asked for ${scopes(challenged)} is not in the log.`;
    const exchanged = tokenRequestOf(unseen.grant.token);
    return { kind: 'open', subject, message, evidence: [...seen, exchanged], missing: ['authorization-request'] };
  }
  const told = story.surfaced.find((shown) => shown.call === call);
  if (told) {
    const message = 'The client handed the refusal on instead of asking for the scopes.';
    return {
      kind: 'pass',
      subject,
      message,
      evidence: [...seen, evidence(told.exchange, 'request.postData', 'error shown to the model')],
    };
  }
  const done = nextSuccess(server, call, call.exchange.answered);
  if (done) {
    const message = 'The call was carried out later, though no authorization request for it is in the log.';
    const carriedOut = evidence(done.exchange, 'response.status', String(done.status));
    return { kind: 'pass', subject, message, evidence: [...seen, carriedOut] };
  }
  const refused = chain?.grants.find((grant) => isRefused(grant, challenged) && beganBefore(grant, call));
  if (refused?.authorization) {
    const message = `The client had asked for ${scopes(challenged)} before, and it was not granted.`;
    const asked = scopeOf(refused.authorization);
    return { kind: 'notApplicable', subject, message, evidence: [...seen, asked] };
  }
  const other = strangeAfter(story, server, since, call);
  if (other) {
    const message = `The client has another token since; whether it asked for ${scopes(challenged)} is not in the log.`;
    const carried = evidence(
      other.exchange,
      'request.headers.authorization',
      'a token that no answer in the log issued',
    );
    return { kind: 'open', subject, message, evidence: [...seen, carried], missing: ['authorization-request'] };
  }
  const anew = signedOut(story, server, since);
  if (anew) {
    const message = 'The client came back without its token: it had signed out.';
    const bare = evidence(anew.exchange, 'response.status', '401, no Authorization');
    return { kind: 'notApplicable', subject, message, evidence: [...seen, bare] };
  }
  if (readable === null) return challengeUntold(subject, seen);
  const activeUntil = lastActivity(call, server);
  if (activeUntil - call.exchange.answered < WINDOW) {
    const message = `No authorization request for ${scopes(challenged)} is in the log, which ends too soon to tell.`;
    return { kind: 'open', subject, message, evidence: seen, missing: ['later-traffic'] };
  }
  // A client all of whose authorization requests were recorded before would have been recorded again.
  const asked = (chain?.grants ?? []).filter((grant) => !isMachineGrant(grant));
  if (asked.length === 0 || asked.some(({ authorization }) => authorization === null)) {
    const message = `No authorization request for ${scopes(challenged)} is in the log; a pop-up or another tab would not show.`;
    return { kind: 'open', subject, message, evidence: seen, missing: ['authorization-request'] };
  }
  return {
    kind: 'fail',
    level: levelSince(server, '2025-11-25', 'warning'),
    subject,
    message: `The server asked for ${scopes(challenged)}, and the client went on for two minutes without asking for it${sinceWords(server, '2025-11-25')}.`,
    evidence: present([...seen, repeatOf(call, server)]),
  };
}

/** Whether a sign-in asked for the scopes and the user, or the authorization server, did not grant them all. */
function isRefused({ requested, grantedExplicit, callback }: Grant, challenged: readonly string[]): boolean {
  if (requested === null || !includesAll(requested, challenged)) return false;
  if (callback?.response.error === 'access_denied') return true;
  return grantedExplicit !== null && !includesAll(grantedExplicit, challenged);
}

function beganBefore({ authorization }: Grant, call: Call): boolean {
  return authorization !== null && authorization.exchange.sent < call.exchange.sent;
}

/** The first call after a refusal with another token than the refused one, which no answer in the log issued. */
function strangeAfter(story: Story, server: Refusal['server'], since: number, refused: Call): Call | null {
  for (const call of callsAfter(server, since, WINDOW)) {
    const { credential } = call;
    if (credential && credential !== refused.credential && !issued(story).has(credential)) return call;
  }
  return null;
}

const issued = oncePer(
  ({ tokens }: Story): ReadonlySet<string> =>
    new Set(tokens.flatMap(({ value, issuedBy }) => (issuedBy === null ? [] : [value]))),
);

/** The first call after a refusal that went without any credential, and was refused for that. */
function signedOut(story: Story, server: Refusal['server'], since: number): Call | null {
  for (const call of callsAfter(server, since, WINDOW))
    if (call.status === 401 && presented(story, call) === 'nothing') return call;
  return null;
}

function isStepUp(event: ChainEvent, challenged: readonly string[]): boolean {
  if (event.kind !== 'authorization') return false;
  const { requested, grantedExplicit, authorization } = event.grant;
  const scopes = requested ?? grantedExplicit;
  if (scopes === null) return authorization === null;
  return challenged.every((scope) => scopes.some((asked) => covers(asked, scope)));
}

function lastActivity(call: Call, server: Refusal['server']): number {
  const last = server.calls.at(-1);
  return last ? Math.max(last.exchange.sent, call.exchange.answered) : call.exchange.answered;
}

function repeatOf(call: Call, server: Refusal['server']) {
  for (const later of attemptsAfter(server, call, heededFrom(call.exchange))) {
    if (later.status === 403) return challengeScopeOf(later);
  }
  return null;
}
