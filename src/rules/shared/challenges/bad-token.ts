import { overdueOf } from '../../../story/clock.ts';
import type { Call, Server, Story, Token } from '../../../story/model.ts';
import { attemptsAfter } from '../../../story/queries.ts';
import type { Evidence } from '../../outcome.ts';
import { evidence, refusalOf } from '../evidence/evidence.ts';
import { span } from '../evidence/words.ts';
import { isAdmitted } from '../recovery/recovery.ts';

/** Why it is certain, from elsewhere than the answer itself, that a call's token was no good. */
export interface Proof {
  readonly why: string;
  readonly evidence: Evidence;
}

/** A refusal so soon after a call speaks of the token as it was at the call, milliseconds. */
const SOON = 60_000;
/** A new token so soon after a call may have been got because of it, milliseconds (rules.md E, W403). */
const RENEWAL = 120_000;

/** Proofs that tokens were no good, drawn from one server's traffic. */
export class BadTokens {
  readonly #server: Server;
  readonly #tokens: ReadonlyMap<string, Token>;
  /** The refusal of a token as a token that was answered first, by its value. */
  readonly #refusals = new Map<string, Call>();

  constructor(tokens: ReadonlyMap<string, Token>, server: Server) {
    this.#server = server;
    this.#tokens = tokens;
    for (const call of server.refused) {
      if (call.credential === null || !isAdmitted(call)) continue;
      const known = this.#refusals.get(call.credential);
      if (!known || call.exchange.answered < known.exchange.answered) this.#refusals.set(call.credential, call);
    }
  }

  /** The token had run out, or another call with it was answered 401 by then. */
  proof(call: Call): Proof | null {
    if (call.credential === null || call.credential === '') return null;
    return this.#expiry(call) ?? this.#refusal(call);
  }

  /** `proof`, or the same operation succeeded (as `isFine` sees it) once a new token had been got, and not before. */
  proofWithRetry(call: Call, isFine: (later: Call) => boolean): Proof | null {
    return this.proof(call) ?? this.#retry(call, isFine);
  }

  #expiry({ credential, exchange }: Call): Proof | null {
    const token = this.#tokens.get(credential ?? '');
    const overdue = token ? overdueOf(token, exchange) : null;
    if (!token || !overdue || overdue.since <= overdue.tolerance) return null;
    return {
      why: `the token had run out ${span(overdue.since)} before`,
      evidence: token.issuedBy
        ? evidence(
            token.issuedBy.exchange,
            'response.content',
            `${token.id}, expires_in ${token.issuedBy.response?.expiresIn ?? 'not given'}`,
          )
        : evidence(exchange, 'request.headers.authorization', `${token.id}, exp passed`),
    };
  }

  #refusal(call: Call): Proof | null {
    const known = this.#refusals.get(call.credential ?? '');
    if (!known || known === call || known.exchange.answered > call.exchange.answered + SOON) return null;
    return { why: 'the same token was answered 401 elsewhere', evidence: refusalOf(known) };
  }

  #retry(call: Call, isFine: (later: Call) => boolean): Proof | null {
    if (call.credential === null) return null;
    const { answered, sent } = call.exchange;
    for (const later of attemptsAfter(this.#server, call, sent)) {
      if (later.exchange.sent > answered + RENEWAL) return null;
      if (!isFine(later)) continue;
      const token = this.#tokens.get(later.credential ?? '');
      const isNew = later.credential !== call.credential && (token?.issuedBy?.exchange.sent ?? 0) >= sent;
      if (!isNew) return null;
      return {
        why: 'the same call succeeded once a new token had been got',
        evidence: evidence(later.exchange, 'response.status', `${later.status} with ${token?.id ?? 'a new token'}`),
      };
    }
    return null;
  }
}

/** Tokens by their value. */
export function tokensByValue(story: Story): ReadonlyMap<string, Token> {
  return new Map(story.tokens.map((token) => [token.value, token]));
}
