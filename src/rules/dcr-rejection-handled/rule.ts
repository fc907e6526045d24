import { canonicalJson } from '../../protocol/json.ts';
import { groupBy } from '../../story/group.ts';
import { isHeeded } from '../../story/heeded.ts';
import { issuerKey } from '../../story/issuers.ts';
import { endsWithin } from '../../story/log-end.ts';
import type { Grant, Registration, Server, Story } from '../../story/model.ts';
import { isUnreadable } from '../../story/recorded.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { span, times } from '../shared/evidence/words.ts';
import { clientErrorOf } from '../shared/registration/client-verdict.ts';
import { boundRegistrations } from '../shared/registration/registration.ts';
import { isRedirectRejection, registrationError, rejectionOf } from '../shared/registration/registration-error.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** A client whose registration was refused neither goes on without a client_id nor sends the same request over and over. */
export const rule = defineRule({
  id: 'dcr-rejection-handled',
  title: 'Refused registration not handled',
  party: 'client',
  level: 'error',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'application-type-and-redirect-uri-constraints', 'client-registration'), rfc(7591, '3.2.2')],
  fix: 'Show the error of a refused registration, and retry at most once with an adjusted application_type or redirect URI.',
  *judge(story) {
    const bound = groupBy(boundRegistrations(story), ({ registration }) => issuerKey(registration.issuer));
    const grants = groupBy(story.grants, ({ issuer }) => issuerKey(issuer));
    for (const [issuer, all] of bound) {
      for (const [index, { registration, server }] of all.entries()) {
        const before = all[index - 1]?.registration;
        // A refusal that repeats the one before is part of the same occasion.
        if (before && isRedirectRejection(before) && isSame(before, registration)) continue;
        const later = all.slice(index + 1).map((other) => other.registration);
        const judgement = judge(story, { registration, server, later, grants: grants.get(issuer) ?? [] });
        if (judgement) yield judgement;
      }
    }
  },
});

/** Identical requests this close together are a loop, milliseconds (rules.md, R4). */
const LOOP_WINDOW = 10_000;
const LOOP_LENGTH = 3;

interface Rejection {
  readonly registration: Registration;
  readonly server: Server;
  /** Registrations at the same issuer after it. */
  readonly later: readonly Registration[];
  /** Grants at the same issuer. */
  readonly grants: readonly Grant[];
}

function judge(story: Story, { registration, server, later, grants }: Rejection): Judgement | null {
  const { exchange } = registration;
  const { status, body } = exchange.response;
  if (status < 400 || status >= 500) return null;
  const subject = server.url;
  const refused = rejectionOf(registration);
  if (status === 400 && registrationError(registration) === null && isUnreadable(body)) {
    return {
      kind: 'open',
      subject,
      message: 'The registration was refused, and the log does not hold why.',
      evidence: [refused],
      missing: ['registration-response'],
    };
  }
  if (!isRedirectRejection(registration)) {
    return {
      kind: 'notApplicable',
      subject,
      message: `The registration was refused for another reason (${refused.note}).`,
      evidence: [refused],
    };
  }
  const fail = (message: string, seen: Judgement['evidence'], harmed: boolean): Judgement => ({
    kind: 'fail',
    level: levelSince(server, '2026-07-28', 'error', harmed),
    subject,
    message: `${message}${sinceWords(server, '2026-07-28')}.`,
    evidence: seen,
  });
  const next = later[0] ?? null;
  const until =
    later.find((other) => other.response !== null && other.clientId !== null)?.exchange.sent ??
    Number.POSITIVE_INFINITY;
  const asked =
    grants.find(({ authorization }) => authorization !== null && isHeeded(exchange, authorization.exchange.sent)) ??
    null;
  if (
    asked?.authorization &&
    asked.authorization.exchange.sent < until &&
    isEmptyId(asked.authorization.request.clientId)
  ) {
    const sent = parameterOf(asked.authorization, 'client_id');
    return fail(
      `The registration was refused (${refused.note}), and the client asked for authorization without a client_id`,
      [sent, refused],
      clientErrorOf(asked) !== null,
    );
  }
  const loop = [registration, ...leading(later, (other) => isSame(other, registration) && isRedirectRejection(other))];
  const third = loop[LOOP_LENGTH - 1];
  if (
    third &&
    third.exchange.sent - exchange.sent <= LOOP_WINDOW &&
    third.exchange.page === exchange.page &&
    !navigated(grants, exchange.sent, third.exchange.sent)
  ) {
    const last = loop.at(-1) ?? third;
    const message = `The client sent the same refused registration ${times(loop.length)} within ${span(last.exchange.sent - exchange.sent)}`;
    return fail(message, [evidence(third.exchange, 'request.postData', 'the same again'), refused], false);
  }
  const moved = next !== null || asked !== null;
  if (!moved && endsWithin(story, exchange.answered, LOOP_WINDOW)) {
    return {
      kind: 'open',
      subject,
      message: 'The log ends before it shows what the client made of the refusal.',
      evidence: [refused],
      missing: ['later-traffic'],
    };
  }
  const retried = next && !isSame(next, registration) ? evidence(next.exchange, 'request.postData', 'adjusted') : null;
  return {
    kind: 'pass',
    subject,
    message: `The client ${retried ? 'adjusted its registration' : 'stopped'} after the refusal.`,
    evidence: present([refused, retried]),
  };
}

function isSame(one: Registration, other: Registration): boolean {
  if (one.exchange.url !== other.exchange.url || one.request === null || other.request === null) return false;
  return canonicalJson(one.request.raw) === canonicalJson(other.request.raw);
}

/** Scripts turn an absent value into these words. */
function isEmptyId(clientId: string | null): boolean {
  return clientId === null || ['', 'undefined', 'null'].includes(clientId.trim());
}

function navigated(grants: readonly Grant[], from: number, to: number): boolean {
  return grants.some(
    ({ authorization }) =>
      authorization !== null && authorization.exchange.sent > from && authorization.exchange.sent < to,
  );
}

function leading<T>(items: readonly T[], accept: (item: T) => boolean): readonly T[] {
  const end = items.findIndex((item) => !accept(item));
  return end < 0 ? items : items.slice(0, end);
}
