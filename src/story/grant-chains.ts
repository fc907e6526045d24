import { type Bindings, bindServer, findCause, IssuedTokens, startsAnew } from './chains.ts';
import { beganAt, type GrantDraft, isMachineGrant } from './grants.ts';
import { grantedScopes } from './held-scopes.ts';
import type { Call, Chain, Grant, Registration, Server, SessionEnd } from './model.ts';
import { ClientRegistrations } from './registrations.ts';

/** What grants are finished with. */
export interface World extends Bindings {
  readonly ends: readonly SessionEnd[];
  readonly registrations: readonly Registration[];
}

interface OpenChain extends Chain {
  readonly grants: Grant[];
  readonly issued: IssuedTokens;
  last: GrantDraft;
}

/** Finishes grants, given in time order, and lays them into chains, one for each client and server (guard G5): `grants[i]` is made of `drafts[i]`. */
export function bindChains(drafts: readonly GrantDraft[], world: World): { chains: Chain[]; grants: Grant[] } {
  const open = new Map<string, OpenChain>();
  const chains: OpenChain[] = [];
  const grants: Grant[] = [];
  const registrations = new ClientRegistrations(world.registrations);
  for (const draft of drafts) {
    const server = bindServer(draft, world);
    // The subject of a program's own grant is another than the user's.
    const flow = isMachineGrant(draft) ? (draft.token?.request.grantType ?? '') : '';
    const key = JSON.stringify([draft.clientId, draft.issuer, server?.url, flow]);
    const before = open.get(key);
    const continues = before !== undefined && !startsAnew(before.last, draft, server, world.ends);
    const chain: OpenChain = continues
      ? before
      : newChain(`c${chains.length + 1}`, server, draft, registrations.of(draft));
    if (!continues) chains.push(chain);
    open.set(key, chain);
    const refused = server ? world.refusedBefore(server, beganAt(draft)) : [];
    const { cause, challenges } = findCause(draft, chain.grants.length === 0, chain.issued, server, refused);
    chain.issued.add(draft);
    chain.last = draft;
    const grant = finishGrant(draft, `g${grants.length + 1}`, chain, cause, challenges);
    chain.grants.push(grant);
    grants.push(grant);
  }
  return { chains, grants };
}

function newChain(id: string, server: Server | null, draft: GrantDraft, registration: Registration | null): OpenChain {
  const { issuer, clientId } = draft;
  return { id, server, issuer, clientId, registration, grants: [], issued: new IssuedTokens(), last: draft };
}

function finishGrant(
  draft: GrantDraft,
  id: string,
  chain: Chain,
  cause: Grant['cause'],
  challenges: readonly Call[],
): Grant {
  const { authorization, callback, token, redemptions, refreshes } = draft;
  const requested = authorization?.request.scope ?? null;
  const response = token?.response ?? null;
  const issued = response !== null && response.accessToken !== null;
  const grantedExplicit = issued ? response.scope : null;
  return {
    id,
    chain: chain.id,
    server: chain.server,
    issuer: draft.issuer,
    clientId: draft.clientId,
    cause,
    challenges,
    authorization,
    callback,
    token,
    redemptions,
    refreshes,
    requested,
    granted: grantedScopes(token, requested),
    grantedExplicit,
    refreshToken: issued ? response.refreshToken !== null : null,
  };
}
