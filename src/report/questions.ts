import type { Outcome } from '../rules/outcome.ts';
import type { Result, ResultGrant } from './result.ts';
import type { Verdict } from './verdicts.ts';
import { count, duration, words } from './words.ts';

/** A headline question: which outcomes answer it, and how the answer is put. */
export interface Question {
  readonly id: Verdict['id'];
  readonly question: string;
  belongs(outcome: Outcome): boolean;
  /** The rules whose pass answers the question with yes; a pass of the others only says that nothing else is wrong. */
  readonly answers: readonly string[];
  /** Says the gravest fault in few words; occasions are the outcomes of the same rule. */
  fault(outcome: Outcome, failed: number, judged: number, result: Result): string;
  passed(result: Result, outcomes: readonly Outcome[]): string;
  /** Before there is evidence: the phrase and what to do to get it. */
  waiting(result: Result): readonly [phrase: string, detail: string];
}

const refreshToken: Question = {
  id: 'refresh-token',
  question: 'Refresh token asked for',
  belongs: (outcome) =>
    outcome.rule === 'offline-access-prompt-consent' ||
    (outcome.rule.startsWith('sep-2207-') && outcome.party === 'client'),
  answers: ['sep-2207-offline-access-requested'],
  fault(outcome, failed, judged) {
    const share = of(failed, judged, 'sign-in');
    switch (outcome.rule) {
      case 'sep-2207-offline-access-requested':
        return `offline_access not requested ${share}`;
      case 'sep-2207-offline-access-not-requested':
        return `offline_access requested ${share}, not offered`;
      case 'sep-2207-client-metadata-grant-types':
        return `refresh_token grant not registered ${share}`;
      case 'sep-2207-no-assume-refresh-token':
        return `refresh tried ${failed}× without a refresh token`;
      case 'offline-access-prompt-consent':
        return `offline_access without prompt=consent ${share}`;
      default:
        return `${words(outcome.rule)} ${failed}×`;
    }
  },
  passed(result) {
    const known = result.story.grants.filter((grant) => grant.refreshToken !== null);
    const issued = known.filter((grant) => grant.refreshToken === true);
    if (known.length === 0) return 'asked for as offered';
    if (issued.length === 0) return `nothing left out, none issued in ${count(known.length, 'sign-in')}`;
    return `issued in ${issued.length} of ${count(known.length, 'sign-in')}`;
  },
  waiting(result) {
    return noTraffic(result) ?? noSignIn(result) ?? ['no occasion', signInAgain];
  },
};

const scopesAccumulate: Question = {
  id: 'scopes-accumulate',
  question: 'Scopes accumulate',
  belongs: ({ rule }) =>
    rule.startsWith('sep-2350-') ||
    rule === 'challenge-scope-authoritative' ||
    rule === 'reauth-401-scope-dropped' ||
    rule === 'step-up-via-refresh',
  answers: ['sep-2350-scope-union-on-reauth', 'reauth-401-scope-dropped'],
  fault(outcome, failed, judged, result) {
    const share = of(failed, judged, 'step-up');
    const lost = lostScopes(outcome, result);
    switch (outcome.rule) {
      case 'sep-2350-scope-union-on-reauth':
        return lost.length === 0 ? `scopes dropped ${share}` : `lost ${list(lost)} ${share}`;
      case 'reauth-401-scope-dropped': {
        const again = of(failed, judged, 'renewed sign-in');
        return lost.length === 0 ? `scopes dropped ${again}` : `lost ${list(lost)} ${again}`;
      }
      case 'challenge-scope-authoritative':
        return `challenged scope not requested ${share}`;
      case 'step-up-via-refresh':
        return `${count(failed, 'refresh', 'refreshes')} instead of a step-up`;
      default:
        return `${words(outcome.rule)} ${share}`;
    }
  },
  passed(result, outcomes) {
    const stepped = result.story.grants.some(({ cause }) => cause === 'step-up');
    const kept = outcomes.filter((outcome) => outcome.rule === 'sep-2350-scope-union-on-reauth').length;
    return kept === 0
      ? `kept on ${count(outcomes.length, 'occasion')}`
      : `kept at ${kept} of ${count(kept, stepped ? 'step-up' : 'renewed sign-in')}`;
  },
  waiting(result) {
    return (
      noTraffic(result) ?? [
        'no step-up yet',
        'Call a tool whose scope the token lacks: the server answers 403 insufficient_scope.',
      ]
    );
  },
};

const silentRefresh: Question = {
  id: 'silent-refresh',
  question: '401 refreshed silently',
  belongs: ({ rule }) =>
    rule.startsWith('sep-2702-') || rule === 'refresh-single-flight' || rule === 'refresh-5xx-not-reauth',
  answers: ['sep-2702-silent-refresh'],
  fault(outcome, failed, judged) {
    const share = of(failed, judged, '401');
    switch (outcome.rule) {
      case 'sep-2702-401-surfaced-to-model':
        return `401 reached the model ${share}`;
      case 'sep-2702-silent-refresh':
        return `no refresh ${share}`;
      case 'sep-2702-retry-original':
        return `refreshed, not retried ${share}`;
      case 'sep-2702-single-refresh':
        return `more than one refresh ${share}`;
      case 'sep-2702-needs-reauth':
        return `dead refresh token used again ${share}`;
      case 'sep-2702-no-refresh-on-other-error':
        return `${count(failed, 'refresh', 'refreshes')} for an error it cannot mend`;
      case 'refresh-single-flight':
        return `same refresh token sent twice at once, ${failed}×`;
      case 'refresh-5xx-not-reauth':
        return `signed out by a failing refresh ${failed}×`;
      default:
        return `${words(outcome.rule)} ${share}`;
    }
  },
  passed(result) {
    const unauthorized = result.story.recoveries.filter((recovery) => recovery.status === 401);
    const silent = unauthorized.filter((recovery) => recovery.how === 'silent-refresh');
    if (unauthorized.length === 0) return 'refreshed before expiry';
    const times = silent.flatMap((recovery) => recovery.ms ?? []).sort((a, b) => a - b);
    const middle = times[times.length >> 1];
    const pace = middle === undefined ? '' : `, ${duration(middle)}${times.length > 1 ? ' median' : ''}`;
    return `${silent.length} of ${unauthorized.length}${pace}`;
  },
  waiting(result) {
    const early = noTraffic(result);
    if (early !== null) return early;
    const refused = result.story.recoveries.filter((recovery) => recovery.status === 401).length;
    const none = result.story.grants.every((grant) => grant.refreshToken === false);
    if (refused > 0 && none && result.story.grants.length > 0) {
      return [
        `${refused} × 401, no refresh token to use`,
        'None was issued: an expired access token can only end in a new sign-in.',
      ];
    }
    if (refused > 0) return [`${count(refused, '401')}, none that a refresh had to answer`, signInAgain];
    const end = Date.parse(result.source.lastFinished ?? '');
    const expiries = result.story.tokens.flatMap((token) =>
      token.kind === 'access' && token.expiresAt !== null ? [Date.parse(token.expiresAt)] : [],
    );
    const next = Math.min(...expiries.filter((at) => at > end));
    const when = Number.isFinite(next) ? ` (${duration(next - end)} after the last exchange)` : '';
    return ['no 401 to a token yet', `Let it expire${when}, lower its lifetime or revoke it.`];
  },
};

/** The headline questions in the order of the strip. */
export const questions: readonly Question[] = [refreshToken, scopesAccumulate, silentRefresh];

export const signInAgain = 'Clear the tokens that the client stored, reload the page and sign in.';

/** What to do when no MCP traffic was seen; null when some was. */
export function noTraffic(result: Result): readonly [string, string] | null {
  if (result.story.servers.length > 0) return null;
  if (result.source.entries === 0) {
    return ['nothing recorded yet', 'Reload the page, then connect it to an MCP server and sign in.'];
  }
  return [
    'no MCP traffic yet',
    'None of the recorded exchanges is MCP: connect the page to an MCP server, or record the process that talks to it.',
  ];
}

function noSignIn(result: Result): readonly [string, string] | null {
  return result.story.grants.length > 0 ? null : ['no sign-in yet', signInAgain];
}

/** Scopes that earlier sign-ins of the same client held and the culprit's request leaves out. */
function lostScopes(outcome: Outcome, result: Result): string[] {
  const culprit = outcome.evidence[0]?.entry;
  const at = result.story.grants.findIndex((grant) => grant.entries.authorize === culprit);
  const grant = result.story.grants[at];
  if (culprit === undefined || grant === undefined || grant.requested === null) return [];
  const earlier = result.story.grants.slice(0, at).filter((other) => sameChain(other, grant));
  const requested = new Set(grant.requested);
  const held = earlier.flatMap((other) => {
    const asked = new Set(other.requested ?? other.granted ?? []);
    return (other.granted ?? other.requested ?? []).filter((scope) => asked.has(scope));
  });
  return [...new Set(held)].filter((scope) => !requested.has(scope) && !identityScopes.has(scope));
}

const identityScopes: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
]);

function sameChain(a: ResultGrant, b: ResultGrant): boolean {
  return a.server === b.server && a.issuer === b.issuer && a.clientId === b.clientId;
}

function list(names: readonly string[]): string {
  return names.length <= 2 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

function of(failed: number, judged: number, noun: string): string {
  return judged <= 1 ? `at the ${noun}` : `at ${failed} of ${count(judged, noun)}`;
}
