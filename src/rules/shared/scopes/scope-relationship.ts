import type { Exchange } from '../../../exchange/exchange.ts';
import { equalScopes, includesAll, intersect, minus } from '../../../protocol/scope.ts';
import { couldReadChallenge } from '../../../story/calls.ts';
import type { Story } from '../../../story/model.ts';
import type { Initial } from './initial-scope.ts';
import { IDENTITY_SCOPES } from './step-up.ts';

/** A published list of scopes that a client cut the challenge down to. */
export interface Assumed {
  readonly exchange: Exchange;
  readonly supported: readonly string[];
  readonly by: 'protected resource' | 'authorization server';
}

/**
 * The list whose intersection with the challenge the client requested: some challenged scopes are not in
 * it, it has others, and the request (identity scopes aside) is exactly what both have. Null otherwise,
 * and where the client is registered for no more, so that it could not have asked for it.
 */
export function assumesRelationship(story: Story, initial: Initial): Assumed | null {
  const { challenge, challenged, requested, chain, grant, authorization } = initial;
  if (challenge === null || couldReadChallenge(challenge) === false) return null;
  const asked = minus(requested, IDENTITY_SCOPES);
  const registered = chain.registration?.response?.scope ?? null;
  const isCut = (supported: readonly string[]): boolean => {
    const common = intersect(challenged, supported);
    return (
      common.length > 0 &&
      !includesAll(supported, challenged) &&
      !includesAll(challenged, supported) &&
      equalScopes(asked, minus(common, IDENTITY_SCOPES))
    );
  };
  // Who asks for all of the challenge (identity scopes aside) has cut nothing.
  if (includesAll(asked, minus(challenged, IDENTITY_SCOPES))) return null;
  if (asked.length === 0 || (registered !== null && !includesAll(registered, challenged))) return null;
  for (const { exchange, supported, by } of lists(story, initial.server.metadata, grant.issuer)) {
    if (exchange.sent <= authorization.exchange.sent && isCut(supported)) return { exchange, supported, by };
  }
  return null;
}

function lists(story: Story, resource: Initial['server']['metadata'], issuer: string): Assumed[] {
  const documents = story.authorizationServers.find((known) => known.issuer === issuer)?.metadata ?? [];
  return [
    ...resource.map(({ exchange, metadata }) => ({
      exchange,
      supported: metadata.scopesSupported ?? [],
      by: 'protected resource' as const,
    })),
    ...documents.map(({ exchange, metadata }) => ({
      exchange,
      supported: metadata.scopesSupported ?? [],
      by: 'authorization server' as const,
    })),
  ];
}
