import type { Exchange } from '../../../exchange/exchange.ts';
import { originOf } from '../../../protocol/url.ts';
import { isAccepted } from '../../../story/answers.ts';
import { hidesParameters } from '../../../story/authorizations.ts';
import { documentAt } from '../../../story/issuer-documents.ts';
import type {
  AuthorizationServerDocument,
  Call,
  Chain,
  Grant,
  Registration,
  Server,
  Story,
  TokenExchange,
} from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { isSecret } from '../../../story/token-book.ts';
import type { Evidence } from '../../outcome.ts';
import { span } from '../evidence/words.ts';
import { accessTokensOf, callsByCredential, callsWith } from '../tokens/carried-tokens.ts';

export type Known = 'yes' | 'no' | 'unknown';

/** The inputs of rules.md A.1.1 for one authorization. */
export interface OfflineAccess {
  readonly grant: Grant;
  readonly server: Server;
  readonly chain: Chain;
  /** The authorization server offers `offline_access`: `unlisted` when its metadata has no `scopes_supported`. */
  readonly advertised: 'yes' | 'no' | 'unlisted' | 'unknown';
  readonly document: AuthorizationServerDocument | null;
  /** The client fetched the metadata before it asked; the recording lost its body. */
  readonly documentLost: Exchange | null;
  /** The client declared the `refresh_token` grant (RFC 7591 section 2: omitted means authorization_code alone). */
  readonly declared: Known;
  readonly registration: Registration | null;
  /** The client shows that it wants refresh tokens. */
  readonly wanted: Known;
  readonly requested: Known;
  /** `server` when a challenge or the protected resource metadata named `offline_access`. */
  readonly source: 'server' | 'client';
  readonly issued: Known;
  /** Another sign-in of this client brought a refresh token without `offline_access`. */
  readonly issuesUnasked: boolean;
  readonly promptsConsent: boolean;
  readonly isOpenId: boolean;
  /** A vendor's own switch for refresh tokens is in use (Google, Dropbox, Reddit). */
  readonly vendorSwitch: boolean;
  readonly previous: Grant | null;
  readonly consequence: Consequence | null;
}

/** The user was sent to sign in again, or the model saw the 401, for want of a refresh token. */
export interface Consequence {
  /** Entry of the renewed authorization or of the request to the model. */
  readonly entry: number;
  readonly part: string;
  readonly how: 'signed in again' | 'error shown to the model';
  /** From the token's issue to that moment, milliseconds. */
  readonly after: number;
}

/** What the want of a refresh token cost, in a sentence. */
export function harmOf({ how, after }: Consequence): string {
  return how === 'signed in again'
    ? `user had to sign in again after ${span(after)}`
    : `401 reached the model after ${span(after)}`;
}

/** Where it shows. */
export function harmShown({ entry, part, how, after }: Consequence): Evidence {
  return { entry, part, note: `${how} after ${span(after)}` };
}

export const OFFLINE_ACCESS = 'offline_access';

/** Every authorization for an MCP server, with what is known of its refresh tokens. */
export const offlineAccess = oncePer((story: Story): readonly OfflineAccess[] => {
  return story.chains.flatMap((chain) => {
    const { server } = chain;
    if (!server) return [];
    return chain.grants.flatMap((grant, index) =>
      isCodeGrant(grant) ? [inputs(story, chain, server, grant, chain.grants[index - 1] ?? null)] : [],
    );
  });
});

/** Refresh tokens concern the authorization code grant; others (client credentials, exchanges) get none. */
function isCodeGrant(grant: Grant): boolean {
  if (grant.authorization) return true;
  return grant.token?.request.grantType === 'authorization_code';
}

function inputs(story: Story, chain: Chain, server: Server, grant: Grant, previous: Grant | null): OfflineAccess {
  const request = grant.authorization?.request ?? null;
  const hidden = grant.authorization === null || hidesParameters(grant.authorization);
  const asked = request?.scope?.includes(OFFLINE_ACCESS) ?? false;
  const document = documentAt(story, grant.issuer, (grant.authorization ?? grant.token)?.exchange.sent ?? 0);
  const listed = document?.metadata.scopesSupported;
  const declared = declares(chain.registration);
  const requested: Known = hidden ? 'unknown' : asked ? 'yes' : 'no';
  const askedBefore = previous?.authorization?.request.scope?.includes(OFFLINE_ACCESS) ?? false;
  const refreshes = story.grants.some(
    (other) => other.clientId === grant.clientId && other.issuer === grant.issuer && other.refreshes.length > 0,
  );
  const wanted: Known =
    declared === 'yes' || refreshes || requested === 'yes' || askedBefore
      ? 'yes'
      : declared === 'no'
        ? 'no'
        : 'unknown';
  return {
    grant,
    server,
    chain,
    advertised: document === null ? 'unknown' : listed ? (listed.includes(OFFLINE_ACCESS) ? 'yes' : 'no') : 'unlisted',
    document,
    documentLost: document ? null : lostDocument(story, grant),
    declared,
    registration: chain.registration,
    wanted,
    requested,
    source: namedByServer(server, grant) ? 'server' : 'client',
    issued: issuedTo(grant),
    issuesUnasked: story.grants.some(
      (other) =>
        other.issuer === grant.issuer &&
        (other.clientId === grant.clientId || other.clientId === null || grant.clientId === null) &&
        !other.requested?.includes(OFFLINE_ACCESS) &&
        issuedTo(other) === 'yes',
    ),
    promptsConsent: request?.prompt.includes('consent') ?? false,
    isOpenId: document?.from === 'openid-configuration' || (request?.scope?.includes('openid') ?? false),
    vendorSwitch:
      request?.accessType === 'offline' || request?.tokenAccessType === 'offline' || request?.duration === 'permanent',
    previous,
    consequence: consequenceOf(story, chain, server, grant),
  };
}

/** Where the answer was lost, a refresh shows that it brought a refresh token. */
function issuedTo({ refreshToken, refreshes }: Grant): Known {
  if (refreshToken !== null) return refreshToken ? 'yes' : 'no';
  return refreshes.some(({ request }) => isSecret(request.refreshToken)) ? 'yes' : 'unknown';
}

function lostDocument(story: Story, grant: Grant): Exchange | null {
  const { authorization } = grant;
  if (!authorization) return null;
  const origin = originOf(grant.issuer);
  return (
    story.unreadMetadata.find(
      (exchange) => exchange.sent < authorization.exchange.sent && originOf(exchange.url) === origin,
    ) ?? null
  );
}

function declares(registration: Registration | null): Known {
  if (!registration) return 'unknown';
  const { request, response } = registration;
  if (!request && !response) return 'unknown';
  const grants = response?.grantTypes ?? request?.grantTypes ?? null;
  return grants?.includes('refresh_token') ? 'yes' : 'no';
}

function namedByServer(server: Server, grant: Grant): boolean {
  return (
    grant.challenges.some((call) => call.challenge?.scope?.includes(OFFLINE_ACCESS)) ||
    server.metadata.some(({ metadata }) => metadata.scopesSupported?.includes(OFFLINE_ACCESS))
  );
}

/**
 * State O4 of rules.md A.1.2: the token expired or was refused, and the user (or the model) met it. A refusal counts
 * where a refresh could have mended it: not where the server never took the token, although it was still fresh, nor
 * where it refuses the new token of the same authorization server too, as it does after it moved to another one.
 * A sign-in that may show the user nothing (`prompt=none`, OpenID Connect Core section 3.1.2.1) is no harm.
 */
function consequenceOf(story: Story, chain: Chain, server: Server, grant: Grant): Consequence | null {
  const tokens = accessTokensOf(story, grant);
  const values = new Set(tokens.map((token) => token.value));
  const since = grant.token?.exchange.answered ?? tokens[0]?.issuedAt ?? null;
  if (since === null) return null;
  const expiry = Math.max(
    ...tokens.map((token) => token.expiresAt ?? Number.POSITIVE_INFINITY),
    Number.NEGATIVE_INFINITY,
  );
  const after = chain.grants.slice(chain.grants.indexOf(grant) + 1);
  const attempts = after.length > 0 ? after : [signInOfAnother(story, server, grant, values)];
  const [first] = attempts;
  const next = attempts.find((attempt) => attempt && !(isSilent(attempt) && !attempt.token?.response?.accessToken));
  const renewed = next?.authorization ?? codeExchangeOf(next);
  if (first && next && renewed && !isSilent(next)) {
    const refused =
      first.cause === '401' &&
      !isRefusedAnew(story, server, next) &&
      first.challenges.some(
        (call) =>
          call.credential !== null &&
          values.has(call.credential) &&
          (call.exchange.sent >= expiry || wasTaken(server, call.credential)),
      );
    const isSameChain = chain.grants.includes(next);
    const expired =
      isSameChain && Number.isFinite(expiry) && expiry <= renewed.exchange.sent && first.cause !== 'step-up';
    if (refused || expired) {
      const part = next.authorization ? 'request.url' : 'request.postData';
      return { entry: renewed.exchange.entry, part, how: 'signed in again', after: renewed.exchange.sent - since };
    }
  }
  const shown = story.surfaced.find(
    ({ call }) => call.status === 401 && call.credential !== null && values.has(call.credential),
  );
  if (!shown) return null;
  return {
    entry: shown.exchange.entry,
    part: 'request.postData',
    how: 'error shown to the model',
    after: shown.exchange.sent - since,
  };
}

/** A sign-in under a new registration with the same issuer, which a refusal of these tokens led to: the user pays all the same. */
function signInOfAnother(story: Story, server: Server, grant: Grant, values: ReadonlySet<string>): Grant | undefined {
  return story.grants.find(
    (other) =>
      other.server === server &&
      other.issuer === grant.issuer &&
      other.clientId !== grant.clientId &&
      other.challenges.some(({ credential }) => credential !== null && values.has(credential)),
  );
}

/** Whether the authorization request forbids the authorization server to show the user anything. */
function isSilent({ authorization }: Grant): boolean {
  return authorization?.request.prompt.includes('none') ?? false;
}

/** Whether the server refused the tokens of a sign-in from the first. */
function isRefusedAnew(story: Story, server: Server, grant: Grant): boolean {
  const calls = callsWith(story, server, grant);
  return calls.some(({ status }) => status === 401) && !calls.some(isTaken);
}

/** Whether the server took a token at some time: a refusal for want of scope is one of them. */
function wasTaken(server: Server, token: string): boolean {
  return (callsByCredential(server).get(token) ?? []).some(isTaken);
}

function isTaken(call: Call): boolean {
  return isAccepted(call) || call.status === 403;
}

function codeExchangeOf(grant: Grant | undefined): TokenExchange | null {
  return grant?.token?.request.grantType === 'authorization_code' ? grant.token : null;
}
