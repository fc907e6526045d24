import type { Exchange } from '../../../exchange/exchange.ts';
import { couldReadChallenge } from '../../../story/calls.ts';
import { documentAt } from '../../../story/issuer-documents.ts';
import type { Call, Server, ServerMetadata, Story } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { isMetadataAbsent } from '../../../story/resource-documents.ts';
import { holdsFor } from '../../../story/revisions.ts';
import type { Judgement } from '../../rule.ts';
import { type Asked, authorizationRequests, judgeRequests } from '../authorization/authorization-requests.ts';
import { evidence, scopeOf } from '../evidence/evidence.ts';

/** The revision that says which scopes a client asks for first. */
export const SCOPE_SINCE = '2025-11-25';

/** The first authorization request of a chain, with what could have told the client which scopes to ask for. */
export interface Initial extends Asked {
  /** Empty when it has no `scope`. */
  readonly requested: readonly string[];
  /** 401s to calls without a token that were waiting for it, the latest last. */
  readonly challenges: readonly Call[];
  /** The latest of them that names scopes. */
  readonly challenge: Call | null;
  /** `C`: its scopes. */
  readonly challenged: readonly string[];
  /** The protected resource metadata that the client had read; null when none is in the log. */
  readonly metadata: ServerMetadata | null;
  /** Every attempt to read it was seen, and there is none. */
  readonly withoutMetadata: boolean;
}

/** Judges the first authorization request of every chain that was not made to replace a refused token. */
export function judgeInitial(story: Story, judge: (initial: Initial) => Judgement | null): readonly Judgement[] {
  return judgeRequests(story, (asked) => {
    const initial = initials(story).get(asked);
    return initial ? judge(initial) : null;
  });
}

const initials = oncePer((story: Story): ReadonlyMap<Asked, Initial> => {
  const found = new Map<Asked, Initial>();
  for (const { asked } of authorizationRequests(story)) {
    if (asked?.grant.cause === 'initial' && asked.chain.grants[0] === asked.grant)
      found.set(asked, initialOf(story, asked));
  }
  return found;
});

function initialOf(story: Story, asked: Asked): Initial {
  const { grant, server, authorization } = asked;
  const before = ({ exchange }: { readonly exchange: Exchange }): boolean =>
    exchange.sent <= authorization.exchange.sent;
  const challenges = grant.challenges.filter(({ status, credential }) => status === 401 && credential === null);
  const challenge = challenges.findLast((call) => (call.challenge?.scope?.length ?? 0) > 0) ?? null;
  const metadata = server.metadata.findLast(before) ?? null;
  return {
    ...asked,
    requested: grant.requested ?? [],
    challenges,
    challenge,
    challenged: challenge?.challenge?.scope ?? [],
    metadata,
    withoutMetadata: metadata === null && isMetadataAbsent(story, server, authorization.exchange.sent),
  };
}

/** Why nothing can be said of the scopes of a first request, or null: no 401 or one without its headers. */
export function challengeUnseen({ challenges, server, authorization }: Initial): Judgement | null {
  const judged = { kind: 'open', subject: server.url } as const;
  const seen = [scopeOf(authorization)];
  const last = challenges.at(-1);
  if (!last)
    return {
      ...judged,
      message: 'The 401 that led to this sign-in is not in the log.',
      evidence: seen,
      missing: ['challenge'],
    };
  if (last.challenge !== null || last.exchange.response.headers.length > 0) return null;
  return {
    ...judged,
    message: 'The 401 was recorded without its headers.',
    evidence: [...seen, evidence(last.exchange, 'response.status', '401')],
    missing: ['response-headers'],
  };
}

/** Why nothing can be said of scopes that the metadata may publish: `challengeUnseen`, else the metadata is not in the log. Null where both were seen, or it is known that there is none. */
export function sourcesUnseen(initial: Initial): Judgement | null {
  const unseen = challengeUnseen(initial);
  if (unseen || initial.metadata || initial.withoutMetadata) return unseen;
  return {
    kind: 'open',
    subject: initial.server.url,
    message: 'The protected resource metadata is not in the log before this sign-in.',
    evidence: [scopeOf(initial.authorization)],
    missing: ['protected-resource-metadata'],
  };
}

/** The scopes that an authorization server lists for all its clients. */
export function offeredBy(story: Story, issuer: string): readonly string[] {
  return documentAt(story, issuer, Number.POSITIVE_INFINITY)?.metadata.scopesSupported ?? [];
}

/** Whether the client could read a challenge that names scopes (guard G4); null where the recording cannot say. */
export function couldReadScopes({ challenges }: Initial): boolean | null {
  const naming = challenges.filter(({ challenge }) => (challenge?.scope?.length ?? 0) > 0);
  const readable = naming.map(couldReadChallenge);
  if (readable.includes(true)) return true;
  return readable.includes(null) ? null : false;
}

/** The revision says nothing about scopes, and nobody was harmed. */
export function notYetAsked(server: Server, harmed: Call | null): string | null {
  return holdsFor(server, SCOPE_SINCE) || harmed !== null
    ? null
    : `MCP ${server.revision} does not say which scopes to ask for.`;
}

/** A later refusal that names one of the scopes: the lack was felt. */
export function missedAfter(server: Server, at: number, scopes: readonly string[]): Call | null {
  return (
    server.refused.find(
      ({ exchange, status, challenge }) =>
        exchange.sent > at &&
        status === 403 &&
        challenge?.error === 'insufficient_scope' &&
        challenge.scope?.some((scope) => scopes.includes(scope)) === true,
    ) ?? null
  );
}

/** The list of scopes in protected resource metadata. */
export function supportedOf({ exchange, metadata }: ServerMetadata): ReturnType<typeof evidence> {
  const text = exchange.response.body.text;
  const at = text.indexOf('"scopes_supported"');
  const list = metadata.scopesSupported;
  const note = list === null ? 'no scopes_supported' : `scopes_supported: ${list.join(' ')}`;
  return evidence(exchange, 'response.content', note, at < 0 ? null : [at, at + '"scopes_supported"'.length]);
}
