import type { Authorization, Grant, Registration, Server, Story } from '../../story/model.ts';
import type { Evidence } from '../outcome.ts';
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

/** Every authorization request for an MCP server that has a `redirect_uri`, chain by chain. */
export function* redirects(story: Story): Generator<RedirectUse> {
  for (const chain of story.chains) {
    const { server, registration } = chain;
    if (!server) continue;
    for (const grant of chain.grants) {
      const { authorization } = grant;
      const uri = authorization?.request.redirectUri ?? null;
      if (!authorization || uri === null) continue;
      const registered = registration && registeredUris(registration);
      const as = registered === null ? 'no' : registeredAs(uri, registered);
      yield {
        grant,
        server,
        authorization,
        uri,
        registered,
        as,
        listed: registration && registered && listedIn(registration),
      };
    }
  }
}

function listedIn(registration: Registration): Evidence {
  const answered = registration.response?.redirectUris !== null && registration.response !== null;
  return answered ? answeredMember(registration, 'redirect_uris') : requestedMember(registration, 'redirect_uris');
}
