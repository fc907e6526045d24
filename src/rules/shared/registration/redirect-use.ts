import { clientKey } from '../../../story/grants.ts';
import { groupBy } from '../../../story/group.ts';
import type { Authorization, Grant, Registration, Server, Story } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import type { Evidence } from '../../outcome.ts';
import { registeredAs, registeredUris } from './redirect-uri.ts';
import { answeredMember, requestedMember } from './registration.ts';

/** An authorization request that names where to come back to, with what the client is registered for. */
export interface RedirectUse {
  readonly grant: Grant;
  readonly server: Server;
  readonly authorization: Authorization;
  readonly uri: string;
  /** null when the log does not hold the registration. */
  readonly registered: readonly string[] | null;
  readonly as: 'exact' | 'spelling' | 'no';
  /** Where the registered ones stand. */
  readonly listed: Evidence | null;
}

/**
 * Every authorization request for an MCP server that has a `redirect_uri`, chain by chain. A client may have
 * registered more than once under one id, or changed its document: the registration that lists the URI counts.
 */
export const redirects = oncePer((story: Story): readonly RedirectUse[] => {
  const uses: RedirectUse[] = [];
  const registrations = groupBy(story.registrations, clientKey);
  for (const chain of story.chains) {
    const { server, registration } = chain;
    if (!server) continue;
    const all = chain.clientId === null ? [] : (registrations.get(clientKey(chain)) ?? []);
    const found = new Map<string, Found>();
    for (const grant of chain.grants) {
      const { authorization } = grant;
      const uri = authorization?.request.redirectUri ?? null;
      if (!authorization || uri === null) continue;
      const match = found.get(uri) ?? best(uri, registration ? [registration, ...all] : all);
      found.set(uri, match);
      uses.push({ grant, server, authorization, uri, ...match });
    }
  }
  return uses;
});

type Found = Pick<RedirectUse, 'registered' | 'as' | 'listed'>;

function best(uri: string, registrations: readonly Registration[]): Found {
  let near: Found = { registered: null, as: 'no', listed: null };
  for (const registration of registrations) {
    const registered = registeredUris(registration);
    if (registered === null) continue;
    const as = registeredAs(uri, registered);
    if (near.registered !== null && as === 'no') continue;
    near = { registered, as, listed: listedIn(registration) };
    if (as === 'exact') break;
  }
  return near;
}

function listedIn(registration: Registration): Evidence {
  const answered = registration.response?.redirectUris !== null && registration.response !== null;
  return answered ? answeredMember(registration, 'redirect_uris') : requestedMember(registration, 'redirect_uris');
}
