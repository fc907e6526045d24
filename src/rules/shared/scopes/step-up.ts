import { covers, intersect, minus } from '../../../protocol/scope.ts';
import { hidesParameters } from '../../../story/authorizations.ts';
import { heldScopes } from '../../../story/held-scopes.ts';
import type { Call, Chain, Grant, Server, Story, Token } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { isSuccess } from '../../../story/token-answers.ts';
import type { Missing } from '../../missing.ts';
import { accessTokensOf, callsByCredential, callsWith } from '../tokens/carried-tokens.ts';

/** The inputs and sets of rules.md A.2.1 for one renewed authorization. */
export interface StepUp {
  readonly grant: Grant;
  readonly chain: Chain;
  readonly server: Server;
  readonly cause: 401 | 403;
  /** The deciding challenge. */
  readonly challenge: Call;
  /** `C`: the scopes it names. */
  readonly challenged: readonly string[];
  /** What the renewed request asks for; null when it has no `scope`. */
  readonly requested: readonly string[] | null;
  /** `Gr`: scopes of the chain's current token, the refused one's or a later grant's; null when unknown. */
  readonly held: readonly string[] | null;
  /** `Rq`: everything the chain asked for before; null when none of it was seen. */
  readonly asked: readonly string[] | null;
  /** `B`: what must survive; null when nothing is known of it. */
  readonly base: readonly string[] | null;
  /** Held, but the request it may have been asked for in was not recorded: part of `B` or given by default. */
  readonly perhapsAsked: readonly string[];
  /** The authorization server names scopes otherwise than the client: sets cannot be compared. */
  readonly renamed: boolean;
  /** `D`: what the renewed request dropped. */
  readonly dropped: readonly string[];
  /** Scopes the server gave of its own accord and the renewed request leaves out. */
  readonly droppedDefaults: readonly string[];
  /** The grant that holds them, for evidence. */
  readonly before: Grant | null;
}

/** Scopes about the user and the session, not about what a tool may do. */
export const IDENTITY_SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'] as const;

/** Every authorization that answers a challenge to an authenticated call. */
export const stepUps = oncePer((story: Story): readonly StepUp[] => {
  const tokenOf = new Map(story.tokens.map((token) => [token.value, token]));
  return story.chains.flatMap((chain) => {
    const { server } = chain;
    if (!server) return [];
    return chain.grants.flatMap((grant) => {
      const challenge = grant.challenges.at(-1);
      if (!challenge?.credential || (grant.cause !== 'step-up' && grant.cause !== '401')) return [];
      const token = tokenOf.get(challenge.credential) ?? null;
      // Another client, issuer or account at the same server: nothing to compare with (guard G13).
      if (token?.grant && token.grant.server === server && token.grant.chain !== chain.id) return [];
      return [inputs(story, { chain, server, grant, challenge, token })];
    });
  });
});

interface Renewal {
  readonly chain: Chain;
  readonly server: Server;
  readonly grant: Grant;
  readonly challenge: Call;
  /** The one that was refused. */
  readonly token: Token | null;
}

function inputs(story: Story, { chain, server, grant, challenge, token }: Renewal): StepUp {
  const earlier = chain.grants.slice(0, chain.grants.indexOf(grant));
  const refused = token?.grant?.chain === chain.id ? token.grant : null;
  const since = refused ? earlier.slice(earlier.indexOf(refused) + 1) : [];
  const before =
    refused &&
    (since.findLast((known) => isComplete(known) && !isOfAnotherTab(story, server, known, challenge)) ?? refused);
  const held = heldScopes(before, before === refused ? token : latestToken(story, before));
  const seen = earlier.filter(({ authorization }) => authorization !== null);
  const asked = seen.length === 0 ? null : seen.flatMap(({ requested }) => requested ?? []);
  const explicit = before?.grantedExplicit ?? null;
  const renamed =
    explicit !== null &&
    explicit.length > 0 &&
    (before?.requested?.length ?? 0) > 0 &&
    intersect(explicit, before?.requested ?? []).length === 0;
  const known = renamed
    ? asked
    : held === null
      ? asked && minus(asked, lackedBy(server, challenge))
      : asked === null
        ? held
        : intersect(held, asked);
  // Once the token is dead, what the user has denied to renew need not be asked for again.
  const base = known && grant.cause === '401' ? minus(known, since.flatMap(refusedBy)) : known;
  const perhapsAsked =
    base === null || renamed || asked === null ? [] : intersect(lacking(held ?? [], asked), grantedUnseen(earlier));
  const requested = grant.requested;
  const survives = minus(base ?? [], IDENTITY_SCOPES);
  return {
    grant,
    chain,
    server,
    cause: grant.cause === 'step-up' ? 403 : 401,
    challenge,
    challenged: challenge.challenge?.scope ?? [],
    requested,
    held,
    asked,
    base,
    perhapsAsked,
    renamed,
    dropped: requested === null ? [] : lacking(survives, requested),
    droppedDefaults:
      requested === null || renamed
        ? []
        : lacking(minus(lacking(held ?? [], asked ?? held ?? []), IDENTITY_SCOPES), requested),
    before,
  };
}

/** The scopes of `set` that `of` lacks. Entra's tokens name by `read` what requests name by the resource: `api://app/read`. */
function lacking(set: readonly string[], of: readonly string[]): string[] {
  return minus(set, of).filter((scope) => !of.some((long) => long.includes('://') && long.endsWith(`/${scope}`)));
}

/** What was granted to requests that are not in the log. */
function grantedUnseen(earlier: readonly Grant[]): readonly string[] {
  return earlier.flatMap(({ authorization, grantedExplicit }) => (authorization ? [] : (grantedExplicit ?? [])));
}

/** The scopes that calls with the refused token were refused for want of: what was asked for was not granted. */
function lackedBy(server: Server, { credential, exchange: { answered } }: Call): string[] {
  return (callsByCredential(server).get(credential ?? '') ?? []).flatMap(({ status, challenge, exchange }) =>
    status === 403 && challenge?.error === 'insufficient_scope' && exchange.answered <= answered
      ? (challenge.scope ?? [])
      : [],
  );
}

/** The scopes of a request that the user denied (RFC 6749 section 4.1.2.1). */
function refusedBy({ requested, callback }: Grant): readonly string[] {
  return callback?.response.error === 'access_denied' ? (requested ?? []) : [];
}

function isComplete({ token }: Grant): boolean {
  return token !== null && isSuccess(token);
}

/**
 * Whether the tokens of a grant were used by other tabs alone, while the tab that was refused went on: the two may not
 * share what they store.
 */
function isOfAnotherTab(story: Story, server: Server, grant: Grant, { exchange: { page } }: Call): boolean {
  if (page === null) return false;
  const calls = callsWith(story, server, grant);
  const isAlive = (lastOn(server).get(page) ?? 0) > (grant.token?.exchange.answered ?? Number.POSITIVE_INFINITY);
  return isAlive && calls.length > 0 && calls.every(({ exchange }) => exchange.page !== null && exchange.page !== page);
}

/** When each tab sent its last call. */
const lastOn = oncePer(
  (server: Server): ReadonlyMap<string | null, number> =>
    new Map(server.calls.map(({ exchange: { page, sent } }) => [page, sent])),
);

function latestToken(story: Story, grant: Grant | null): Token | null {
  return grant && (accessTokensOf(story, grant).at(-1) ?? null);
}

/** Why what a renewed request asks for is not in the log (cause C3); null when it is. */
export function unseenRequest({ authorization }: Grant): { readonly words: string; readonly missing: Missing } | null {
  if (!authorization) return { words: 'The authorization request was not recorded.', missing: 'authorization-request' };
  if (!hidesParameters(authorization)) return null;
  const words = 'The parameters of the authorization request are not in the log.';
  return { words, missing: 'authorization-request-parameters' };
}

/** Every dropped scope is plausibly covered by a broader one that was requested. */
export function isCovered({ dropped, requested }: StepUp): boolean {
  return (
    dropped.length > 0 &&
    dropped.every((scope) => (requested ?? []).some((broad) => broad !== scope && covers(broad, scope)))
  );
}

/** A later refusal that names one of the scopes: the loss was felt. */
export function missedLater(stepUp: StepUp, scopes: readonly string[]): Call | null {
  const at = (stepUp.grant.authorization ?? stepUp.grant.token)?.exchange.sent ?? Number.POSITIVE_INFINITY;
  for (const call of stepUp.server.refused) {
    if (call.exchange.sent <= at || call.status !== 403 || call.challenge?.error !== 'insufficient_scope') continue;
    if (call.challenge.scope?.some((scope) => scopes.includes(scope))) return call;
  }
  return null;
}
