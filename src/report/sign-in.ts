import type { Exchange } from '../exchange/exchange.ts';
import type { Grant, Role } from '../story/model.ts';
import type { Analysis } from './analysis.ts';

/** What a sign-in was for, in a few words. */
export const causeWords: Readonly<Record<Grant['cause'], string>> = {
  initial: 'first sign-in',
  '401': 'sign-in after a 401',
  'step-up': 'step-up',
  user: 'sign-in by the user',
  unknown: 'sign-in',
};

/**
 * The exchanges of one sign-in by time sent: the challenges before it, discovery and registration
 * in between, the grant's own requests, its refreshes, and the first request with each access token.
 */
export function signInExchanges(grant: Grant, { story, exchanges }: Analysis): readonly Exchange[] {
  const entries = new Set<number>();
  for (const call of grant.challenges) entries.add(call.exchange.entry);
  for (const [entry, role] of story.roles) if (role.grant === grant.id && !everyday.has(role.kind)) entries.add(entry);
  for (const part of [grant.authorization, grant.callback, grant.token, ...grant.refreshes]) {
    if (part !== null) entries.add(part.exchange.entry);
  }
  for (const token of story.tokens) {
    const [first] = token.uses;
    if (token.grant?.id === grant.id && token.kind === 'access' && first !== undefined) entries.add(first);
  }
  let from = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const entry of entries) {
    const sent = exchanges[entry]?.sent ?? Number.NaN;
    if (sent < from) from = sent;
    if (sent > last) last = sent;
  }
  const to = grant.token?.exchange.sent ?? last;
  for (const [entry, role] of story.roles) {
    const sent = exchanges[entry]?.sent ?? Number.NaN;
    if (discovery.has(role.kind) && isOf(role, grant) && sent >= from && sent <= to) entries.add(entry);
  }
  return [...entries].flatMap((entry) => exchanges[entry] ?? []).sort((a, b) => a.sent - b.sent || a.entry - b.entry);
}

const everyday: ReadonlySet<Role['kind']> = new Set<Role['kind']>([
  'mcp',
  'model',
  'userinfo',
  'introspection',
  'jwks',
]);
const discovery: ReadonlySet<Role['kind']> = new Set<Role['kind']>([
  'protected-resource-metadata',
  'authorization-server-metadata',
  'client-id-metadata-document',
  'registration',
  'pushed-authorization-request',
]);

function isOf(role: Role, grant: Grant): boolean {
  return (
    (role.server === null || role.server === grant.server?.url) &&
    (role.issuer === null || role.issuer === grant.issuer)
  );
}
