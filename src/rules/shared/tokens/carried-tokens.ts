import { header } from '../../../exchange/exchange.ts';
import { isAccepted } from '../../../story/answers.ts';
import type { Call, Grant, Server, Story, Token } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { isSecret } from '../../../story/token-book.ts';
import { type Walk, walked } from '../../../story/walk.ts';
import type { Evidence } from '../../outcome.ts';
import type { Judgement } from '../../rule.ts';
import { evidence } from '../evidence/evidence.ts';

const byCredential: Walk<Map<string, Call[]>> = {
  begin: () => new Map(),
  take(found, call) {
    if (call.credential === null) return;
    const list = found.get(call.credential);
    if (list) list.push(call);
    else found.set(call.credential, [call]);
  },
};

/** A server's calls by the credential that they carried (`Bearer`, `DPoP`), each list by time sent. */
export function callsByCredential(server: Server): ReadonlyMap<string, readonly Call[]> {
  return walked(server, byCredential);
}

/** An access token, the server it was sent to, and the calls that carried it there. */
export interface CarriedToken {
  readonly token: Token;
  readonly server: Server;
  /** Never empty. */
  readonly calls: readonly Call[];
  readonly first: Call;
}

/** Every token that calls carried as their credential, of every kind, server by server. */
export const carriedTokens = oncePer((story: Story): readonly CarriedToken[] => {
  const carried: CarriedToken[] = [];
  const tokens = new Map(story.tokens.map((token) => [token.value, token]));
  for (const server of story.servers) {
    for (const [value, calls] of callsByCredential(server)) {
      const token = tokens.get(value);
      const [first] = calls;
      if (token && first) carried.push({ token, server, calls, first });
    }
  }
  return carried;
});

const accessTokensByGrant = oncePer((story: Story): ReadonlyMap<Grant, readonly Token[]> => {
  const found = new Map<Grant, Token[]>();
  for (const token of story.tokens) {
    if (token.kind !== 'access' || token.grant === null) continue;
    const list = found.get(token.grant);
    if (list) list.push(token);
    else found.set(token.grant, [token]);
  }
  return found;
});

/** The access tokens of a grant: its code exchange's and its refreshes'. */
export function accessTokensOf(story: Story, grant: Grant): readonly Token[] {
  return accessTokensByGrant(story).get(grant) ?? [];
}

/** The calls to a server that carried one of a grant's access tokens. */
export function callsWith(story: Story, server: Server, grant: Grant): readonly Call[] {
  return accessTokensOf(story, grant).flatMap(({ value }) => callsByCredential(server).get(value) ?? []);
}

/** The first call that the server answered with success; null when it refused them all. */
export function firstAccepted(calls: readonly Call[]): Call | null {
  return calls.find(isAccepted) ?? null;
}

/** The `Authorization` header of a call, at its scheme, since nobody needs to see the token; the request where it has none. */
export function credentialOf({ exchange }: Call, note: string): Evidence {
  const value = header(exchange.request.headers, 'authorization');
  if (value === null) return evidence(exchange, 'request.url', note);
  const space = value.indexOf(' ');
  return evidence(exchange, 'request.headers.authorization', note, space > 0 ? [0, space] : null);
}

/**
 * The recording shows no `Authorization` header although the server demands one (guard G19): nothing can
 * be said of what its calls carried. Null where there is nothing to ask, or something to see.
 */
export function withoutCredentials(story: Story, server: Server): Judgement | null {
  const refused = server.refused.find(({ status }) => status === 401);
  if (!story.sanitized || !refused) return null;
  return {
    kind: 'open',
    subject: server.url,
    message: 'The recording shows no Authorization header at all: they were removed from it.',
    evidence: [evidence(refused.exchange, 'response.status', String(refused.status))],
    missing: ['authorization-header'],
  };
}

/** Whether the recorder put something in the place of the credential. */
export function isBlanked(value: string): boolean {
  return value !== '' && !isSecret(value);
}
