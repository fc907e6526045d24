import { type Exchange, header } from '../../exchange/exchange.ts';
import { endpointOf } from '../../protocol/url.ts';
import { heededFrom, isHeeded } from '../../story/heeded.ts';
import type { Server, Story, TokenExchange } from '../../story/model.ts';
import { attemptsAfter } from '../../story/queries.ts';
import { isSameRecord } from '../../story/records.ts';
import { type Walk, walked } from '../../story/walk.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { few } from '../shared/evidence/short.ts';
import { times } from '../shared/evidence/words.ts';
import { rfc } from '../shared/spec/links.ts';
import { callsByCredential, credentialOf, isBlanked } from '../shared/tokens/carried-tokens.ts';
import { type Proof, proofFault, proofOf } from '../shared/tokens/dpop.ts';

/** RFC 9449: a token that is bound to a key is sent with a fresh proof of that key. */
export const rule = defineRule({
  id: 'sep-1932-client-dpop-auth-scheme',
  title: 'DPoP token sent without a proper proof',
  party: 'client',
  level: 'error',
  since: null,
  aliases: [
    'sep-1932-client-fresh-proof',
    'sep-1932-client-token-request-proof',
    'sep-1932-client-as-nonce',
    'sep-1932-client-rs-nonce',
  ],
  spec: [
    { text: 'MCP authorization extensions', url: 'https://modelcontextprotocol.io/extensions/auth/overview' },
    ...['4', '5', '7', '8', '9'].map((section) => rfc(9449, section)),
  ],
  fix: 'Send a DPoP token with the DPoP scheme and a proof made for that very request, with the nonce that the server asks for.',
  *judge(story) {
    for (const server of story.servers) yield* judge(story, server);
  },
});

/** One way to get it wrong, with where it happened. */
class Faults {
  readonly #found = new Map<string, { readonly message: string; readonly evidence: Evidence[]; count: number }>();

  add(facet: string, message: string, ...shown: Evidence[]): void {
    const known = this.#found.get(facet);
    if (!known) this.#found.set(facet, { message, evidence: shown, count: 1 });
    else {
      known.count += 1;
      known.evidence.push(...(known.count <= 5 ? shown : []));
    }
  }

  *judgements(subject: string): Generator<Judgement> {
    for (const [facet, { message, evidence: seen, count }] of this.#found) {
      const occasion = `${subject} ${facet}`;
      yield { kind: 'fail', subject, occasion, message: `${message} (${times(count)}).`, evidence: few(seen) };
    }
  }

  get none(): boolean {
    return this.#found.size === 0;
  }
}

/** The credentials that any call presented with the DPoP scheme. */
const dpopCredentials: Walk<Set<string>> = {
  begin: () => new Set(),
  take(found, { credential, scheme }) {
    if (credential !== null && scheme === 'dpop') found.add(credential);
  },
};

function* judge(story: Story, server: Server): Generator<Judgement> {
  const faults = new Faults();
  const proofs = new Proofs(faults);
  const bound = new Set(
    story.tokens.flatMap(({ kind, value, issuedBy }) => (kind === 'access' && isDpop(issuedBy) ? [value] : [])),
  );
  const requests = requestsOf(story, server);
  for (const [index, by] of requests.entries()) {
    judgeTokenRequest(by, proofs);
    if (by.response?.error !== 'use_dpop_nonce') continue;
    const nonce = header(by.exchange.response.headers, 'dpop-nonce');
    const retry = requests.slice(index + 1, index + 1 + NEAR).find((later) => isRepetition(later, by));
    if (retry && nonce !== null) judgeNonce(retry.exchange, by.exchange, nonce, 'as-nonce', faults);
  }
  let proven: Evidence | null = null;
  const proving = walked(server, dpopCredentials);
  for (const [value, calls] of callsByCredential(server)) {
    if (!bound.has(value) && !proving.has(value)) continue;
    for (const call of calls) {
      if (call.status === 0 || call.exchange.envelope) continue;
      if (call.scheme === 'bearer') {
        if (bound.has(value))
          faults.add(
            'scheme',
            'A token that is bound to a key was sent with the Bearer scheme',
            credentialOf(call, 'Bearer'),
          );
        continue;
      }
      if (call.scheme !== 'dpop') continue;
      if (proofs.take(call.exchange, isBlanked(value) ? null : value, 'A request to the MCP server')) {
        proven ??= evidence(call.exchange, 'request.headers.dpop', 'the proof');
      }
    }
  }
  for (const call of server.refused) {
    const nonce = call.status === 401 ? nonceOf(call.exchange) : null;
    if (nonce === null) continue;
    const [retry] = attemptsAfter(server, call, heededFrom(call.exchange));
    if (retry) judgeNonce(retry.exchange, call.exchange, nonce, 'rs-nonce', faults);
  }
  const subject = server.url;
  if (!faults.none) yield* faults.judgements(subject);
  else if (proofs.unreadable) {
    const seen = [evidence(proofs.unreadable, 'request.headers.dpop', 'not readable')];
    yield {
      kind: 'open',
      subject,
      message: 'A DPoP proof cannot be read as a JWT.',
      evidence: seen,
      missing: ['dpop-proof'],
    };
  } else if (proven) {
    yield {
      kind: 'pass',
      subject,
      message: 'Every DPoP token came with a proof made for its request.',
      evidence: [proven],
    };
  }
}

/** The proofs of a server's client: each is made for one request, and used once. */
class Proofs {
  unreadable: Exchange | null = null;
  readonly #faults: Faults;
  readonly #ids = new Map<string, Exchange>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** Judges the proof of a request; whether there is a good one. */
  take(exchange: Exchange, token: string | null, what: string): boolean {
    const proof = proofOf(exchange);
    if (proof === 'unreadable') this.unreadable ??= exchange;
    if (proof === 'none')
      this.#faults.add('proof', `${what} has no DPoP proof`, evidence(exchange, 'request.url', 'no DPoP header'));
    if (proof === 'several')
      this.#faults.add(
        'proof',
        `${what} has several DPoP proofs`,
        evidence(exchange, 'request.headers.dpop', 'several'),
      );
    if (typeof proof === 'string') return false;
    const wrong = proofFault(proof, exchange, token) ?? this.#reuse(proof, exchange);
    if (wrong !== null)
      this.#faults.add(
        'fresh-proof',
        `The DPoP proof of a request ${wrong}`,
        evidence(exchange, 'request.headers.dpop', wrong),
      );
    return wrong === null;
  }

  #reuse({ id }: Proof, exchange: Exchange): string | null {
    const before = id === null ? undefined : this.#ids.get(id);
    if (id !== null && !before) this.#ids.set(id, exchange);
    return before && before !== exchange && !isSameRecord(before, exchange) ? 'was used before' : null;
  }
}

/** How many token requests later a repetition is looked for. */
const NEAR = 4;

/** The same request again, at the same endpoint, once the demand for a nonce was there. */
function isRepetition(later: TokenExchange, { exchange, request }: TokenExchange): boolean {
  const same =
    endpointOf(later.exchange.url) === endpointOf(exchange.url) && later.request.grantType === request.grantType;
  return same && later.request.code === request.code && isHeeded(exchange, later.exchange.sent);
}

function judgeTokenRequest(by: TokenExchange, proofs: Proofs): void {
  const { exchange } = by;
  if (exchange.envelope || exchange.response.status === 0) return;
  if (isDpop(by) || header(exchange.request.headers, 'dpop') !== null)
    proofs.take(exchange, null, 'A token request for a DPoP token');
}

/** After a demand for a nonce (RFC 9449 sections 8 and 9) the next attempt carries it. */
function judgeNonce(retry: Exchange, refused: Exchange, nonce: string, facet: string, faults: Faults): void {
  const proof = proofOf(retry);
  if (typeof proof === 'string' || proof.nonce === nonce) return;
  const seen = [
    evidence(retry, 'request.headers.dpop', 'another nonce, or none'),
    evidence(refused, 'response.headers.dpop-nonce', 'the nonce'),
  ];
  faults.add(facet, 'The proof of the repeated request lacks the nonce that was asked for', ...seen);
}

/** The nonce that an answer asks for; null when it asks for none. */
function nonceOf({ response }: Exchange): string | null {
  const challenge = header(response.headers, 'www-authenticate') ?? '';
  return challenge.includes('use_dpop_nonce') ? header(response.headers, 'dpop-nonce') : null;
}

function isDpop(by: TokenExchange | null): boolean {
  return by?.response?.tokenType?.toLowerCase() === 'dpop';
}

/** Token requests for a server, in time order. */
function requestsOf(story: Story, server: Server): TokenExchange[] {
  return story.grants
    .flatMap((grant) => (grant.server === server ? [grant.token, ...grant.refreshes] : []))
    .filter((by) => by !== null)
    .sort((one, other) => one.exchange.sent - other.exchange.sent || one.exchange.entry - other.exchange.entry);
}
