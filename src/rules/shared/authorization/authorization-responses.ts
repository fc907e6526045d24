import { formField, formValue } from '../../../protocol/form.ts';
import { parseUrl, readPlace } from '../../../protocol/url.ts';
import type {
  Authorization,
  AuthorizationServer,
  AuthorizationServerDocument,
  Callback,
  Grant,
  Server,
  Story,
  TokenExchange,
} from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { isSecret } from '../../../story/token-book.ts';
import type { Evidence } from '../../outcome.ts';
import type { Judgement } from '../../rule.ts';
import { evidence, tokenRequestOf } from '../evidence/evidence.ts';

/** An authorization response for an MCP server, with what became of it. */
export interface Answered {
  readonly grant: Grant;
  readonly server: Server;
  readonly callback: Callback;
  /** The authorization server's metadata that the client acted on; null when it is not in the log. */
  readonly document: AuthorizationServerDocument | null;
  /** The token request that sent the response's code. */
  readonly redeemed: TokenExchange | null;
  /** The code was left alone although the client went on, and its token requests are seen in this log. */
  readonly leftAlone: boolean;
}

/** How long a client takes to redeem a code, milliseconds (rules.md E, Wcb). */
const REDEEM_WINDOW = 10_000;

/**
 * Judges every authorization response of the story that is bound to an MCP server; one that was not
 * seen although its code was redeemed is open. Signed responses (JARM) carry their parameters inside.
 */
export function judgeResponses(story: Story, judge: (answered: Answered) => Judgement | null): readonly Judgement[] {
  return responses(story).flatMap(({ answered, open }) => (answered === null ? open : (judge(answered) ?? [])));
}

/** An authorization response, as far as the log shows it. */
type ResponseSeen =
  | { readonly answered: Answered; readonly open: null }
  /** It was not recorded. */
  | { readonly answered: null; readonly open: Judgement };

const responses = oncePer((story: Story): readonly ResponseSeen[] => {
  const found: ResponseSeen[] = [];
  const documents = new Documents(story);
  for (const { server, grants } of story.chains) {
    if (!server) continue;
    const life = lifeOf(server, grants);
    for (const grant of grants) {
      const { callback, token } = grant;
      if (!callback) {
        if (token?.request.grantType === 'authorization_code')
          found.push({ answered: null, open: notRecorded(token, server) });
        continue;
      }
      if (formValue(callback.response.params, 'response') !== null) continue;
      const redeemed = redemption(grant, callback);
      found.push({
        answered: {
          grant,
          server,
          callback,
          document: documents.of(grant, callback),
          redeemed,
          leftAlone:
            redeemed === null &&
            callback.response.code !== null &&
            wentOn(life, grant, callback) &&
            !bringsStranger(story, callback),
        },
        open: null,
      });
    }
  }
  return found;
});

function notRecorded(token: TokenExchange, server: Server): Judgement {
  return {
    kind: 'open',
    subject: server.url,
    message: 'The authorization response was not recorded.',
    evidence: [tokenRequestOf(token)],
    missing: ['authorization-response'],
  };
}

function redemption({ token }: Grant, { response }: Callback): TokenExchange | null {
  if (token?.request.grantType !== 'authorization_code') return null;
  const { code } = token.request;
  // A placeholder in place of a code tells nothing; the grant was bound by its verifier or its code already.
  return !isSecret(code) || !isSecret(response.code) || code === response.code ? token : null;
}

/** What a chain shows of the client: how many of its token requests are in the log, and when it was last there. */
interface Life {
  readonly tokenRequests: number;
  /** Milliseconds since the epoch. */
  readonly last: number;
}

function lifeOf(server: Server, grants: readonly Grant[]): Life {
  let last = server.calls.at(-1)?.exchange.sent ?? 0;
  let tokenRequests = 0;
  for (const { token, authorization } of grants) {
    if (token !== null) tokenRequests += 1;
    last = Math.max(last, authorization?.exchange.sent ?? 0);
  }
  return { tokenRequests, last };
}

/** The client's token requests are seen elsewhere in the log, and it was there when this one was due. */
function wentOn({ tokenRequests, last }: Life, { token }: Grant, { exchange }: Callback): boolean {
  return tokenRequests > (token === null ? 0 : 1) && last > exchange.answered + REDEEM_WINDOW;
}

/** A token that no answer in the log issued is first used after the response: its code may have been redeemed unseen. */
function bringsStranger({ tokens }: Story, { exchange }: Callback): boolean {
  return tokens.some(
    ({ issuedBy, uses: [first] }) => issuedBy === null && first !== undefined && first > exchange.entry,
  );
}

/** The metadata that clients acted on. */
class Documents {
  readonly #byIssuer: ReadonlyMap<string, AuthorizationServer>;
  readonly #byEndpoint = new Map<string, Set<AuthorizationServer>>();

  constructor({ authorizationServers }: Story) {
    this.#byIssuer = new Map(authorizationServers.map((server) => [server.issuer, server]));
    for (const server of authorizationServers) {
      for (const url of new Set(server.metadata.map(({ metadata }) => metadata.authorizationEndpoint))) {
        const endpoint = url === null ? undefined : readPlace(url)?.endpoint;
        if (endpoint === undefined) continue;
        const sharing = this.#byEndpoint.get(endpoint);
        if (sharing) sharing.add(server);
        else this.#byEndpoint.set(endpoint, new Set([server]));
      }
    }
  }

  /** The last before the authorization request, else the first; of issuers that share the endpoint, the one that `iss` names. */
  of({ authorization, issuer }: Grant, { response, exchange }: Callback): AuthorizationServerDocument | null {
    const endpoint = authorization ? readPlace(authorization.exchange.url)?.endpoint : undefined;
    const sharing = endpoint === undefined ? undefined : this.#byEndpoint.get(endpoint);
    const claimed = response.iss === null ? undefined : this.#byIssuer.get(response.iss);
    const named = claimed && sharing?.has(claimed) ? claimed : this.#byIssuer.get(issuer);
    const documents = named?.metadata ?? [];
    const at = (authorization?.exchange ?? exchange).sent;
    return documents.findLast((document) => document.exchange.sent <= at) ?? documents[0] ?? null;
  }
}

/** A parameter of an authorization response, by the characters of its value; the whole part where it is not in it. */
export function responseParameter(callback: Callback, name: string, note: string): Evidence {
  const field = formField(callback.response.params, name);
  const range = field && field.range[0] < field.range[1] && isVerbatim(callback) ? field.range : null;
  return evidence(callback.exchange, callback.part, note, range);
}

/** Offsets were counted in the redirect's absolute form, which the header's text may not be. */
function isVerbatim({ exchange, part }: Callback): boolean {
  if (part !== 'response.headers.location') return true;
  const { location } = exchange.response;
  return location !== null && parseUrl(location)?.href === location;
}

/** Whether the response was reached from this very request: its redirect, or the verifier of the token request that redeemed the code. */
export function isAnswerTo({ exchange, request }: Authorization, callback: Callback, verified: string | null): boolean {
  if (verified !== null && request.codeChallenge === verified) return true;
  if (callback.exchange === exchange) return true;
  const { location } = exchange.response;
  return location !== null && withoutFragment(location) === withoutFragment(callback.exchange.url);
}

function withoutFragment(url: string): string {
  const hash = url.indexOf('#');
  return hash < 0 ? url : url.slice(0, hash);
}
