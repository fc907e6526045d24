import { decodeFormText } from '../../protocol/form.ts';
import { stringMember } from '../../protocol/json.ts';
import type { Story } from '../../story/model.ts';
import { isWhole } from '../../story/recorded.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { fieldOf } from '../shared/evidence/parameters.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { basicCredentials, mayHideAuthentication, methodsOf } from '../shared/token-endpoint/client-authentication.ts';
import { type BoundExchange, tokenExchanges } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 6749 section 2.3: one authentication method for each request; Basic credentials are form-encoded first. */
export const rule = defineRule({
  id: 'token-endpoint-single-auth-method',
  title: 'Two client authentication methods at once, or Basic credentials not encoded',
  party: 'client',
  level: 'error',
  since: null,
  spec: [rfc(6749, '2.3'), rfc(6749, '2.3.1'), mcp('2026-07-28', 'overview'), mcp('2025-11-25', 'overview')],
  fix: 'Use one authentication method, and form-encode client id and secret before joining them for Basic.',
  *judge(story) {
    for (const bound of tokenExchanges(story)) yield judge(story, bound);
  },
});

function judge(story: Story, bound: BoundExchange): Judgement {
  const { by, server } = bound;
  const subject = server.url;
  const methods = methodsOf(by);
  const basic = methods.includes('client_secret_basic');
  const shown = basic
    ? evidence(by.exchange, 'request.headers.authorization', 'client_secret_basic')
    : fieldOf(by, 'client_secret', methods[0] ?? 'no client authentication');
  if (methods.length > 1) {
    const field = methods.includes('client_secret_post') ? 'client_secret' : 'client_assertion';
    const message = `The client authenticates by ${methods.join(' and ')} in one request.`;
    return { kind: 'fail', subject, message, evidence: [shown, fieldOf(by, field, field)] };
  }
  const mayHide = methods.length === 0 ? mayHideAuthentication(story, bound) : story.sanitized;
  if (mayHide || !isWhole(by)) {
    const message = 'The recording does not hold all that the client sent to authenticate.';
    return { kind: 'open', subject, message, evidence: [shown], missing: ['authorization-header'] };
  }
  const spoilt = unencoded(bound);
  if (spoilt) {
    return {
      kind: 'fail',
      level: spoilt.broken ? 'error' : 'warning',
      subject,
      message: `The ${spoilt.what} in the Basic credentials is not form-encoded${spoilt.broken ? ', and reads as another one once it is decoded' : ''}.`,
      evidence: [shown, evidence(spoilt.registered, 'response.content', `the registered ${spoilt.what}`)],
    };
  }
  const message =
    methods.length === 0
      ? 'The client is a public one and sends no credentials.'
      : `The client authenticates by ${methods[0]} alone.`;
  return { kind: 'pass', subject, message, evidence: [shown] };
}

interface Unencoded {
  readonly what: 'client id' | 'client secret';
  /** The server reads another value than the registered one. */
  readonly broken: boolean;
  readonly registered: Parameters<typeof evidence>[0];
}

/** A Basic value that is the registered one as it stands although form-encoding would change it. */
function unencoded({ by, chain }: BoundExchange): Unencoded | null {
  const sent = basicCredentials(by);
  const response = chain.registration?.source === 'dcr' ? chain.registration.response : null;
  if (!sent || !response || !chain.registration) return null;
  const pairs = [
    ['client id', sent.id, stringMember(response.raw, 'client_id')],
    ['client secret', sent.secret, stringMember(response.raw, 'client_secret')],
  ] as const;
  for (const [what, raw, value] of pairs) {
    if (value === null || raw !== value || [...value].every(staysAsItIs)) continue;
    return { what, broken: decodeFormText(raw) !== value, registered: chain.registration.exchange };
  }
  return null;
}

/** Characters that form-encoding leaves alone; `~` differs between its definitions. */
function staysAsItIs(character: string): boolean {
  return /^[A-Za-z0-9*\-._~]$/.test(character);
}
