import { documentAt } from '../../story/issuer-documents.ts';
import type { AuthorizationServerDocument, Registration, Story, TokenExchange } from '../../story/model.ts';
import { wouldShowCredentials } from '../../story/presented.ts';
import { hasLostSecrets, isWhole } from '../../story/recorded.ts';
import { isSuccess } from '../../story/token-answers.ts';
import type { Missing } from '../missing.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { fieldOf } from '../shared/evidence/parameters.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { methodsOf, registeredMethod } from '../shared/token-endpoint/client-authentication.ts';
import { type BoundExchange, tokenExchanges } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 7591 section 2: a client authenticates at the token endpoint as it is registered. */
export const rule = defineRule({
  id: 'token-endpoint-auth-method',
  title: 'Client authenticates otherwise than registered',
  party: 'client',
  level: 'error',
  since: null,
  spec: [
    rfc(7591, '2'),
    rfc(8414, '2'),
    {
      text: 'MCP 2026-07-28, client registration',
      url: 'https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization/client-registration',
    },
    mcp('2025-11-25', 'dynamic-client-registration'),
  ],
  fix: 'Use the token_endpoint_auth_method of the registration response at the token endpoint.',
  *judge(story) {
    for (const bound of tokenExchanges(story)) yield judge(story, bound);
  },
});

function judge(story: Story, bound: BoundExchange): Judgement {
  const { by, chain, server } = bound;
  const subject = server.url;
  const methods = methodsOf(by);
  const used = methods[0] ?? 'none';
  const shown = shownMethod(bound, used);
  const open = (message: string, missing: Missing): Judgement => ({
    kind: 'open',
    subject,
    message,
    evidence: [shown],
    missing: [missing],
  });
  const wanted = expectation(story, bound);
  if (!wanted) return open('How this client is registered is not in the log.', 'client-registration');
  const { allowed, from } = wanted;
  const seen = [shown, from];
  if (allowed.some((method) => CERTIFICATES.has(method))) {
    return {
      kind: 'notApplicable',
      subject,
      message: 'The client authenticates by a TLS certificate, which no recording shows.',
      evidence: seen,
    };
  }
  if (methods.some((method) => allowed.includes(method)) || (methods.length === 0 && allowed.includes('none'))) {
    return { kind: 'pass', subject, message: `The client authenticates by ${used}.`, evidence: seen };
  }
  if (methods.length === 0 && (!wouldShowCredentials(story, by.exchange) || !isWhole(by) || hasLostSecrets(by))) {
    return open(
      `The client should authenticate by ${allowed.join(' or ')}, and the recording does not hold all that it sent.`,
      'authorization-header',
    );
  }
  if (wanted.isDefault && !documentAt(story, bound.grant.issuer, bound.by.exchange.sent)) {
    return open(
      'The registration leaves the method open, and which methods the authorization server supports is not in the log.',
      'authorization-server-metadata',
    );
  }
  const accepted = isSuccess(by);
  return {
    kind: 'fail',
    level: accepted ? 'warning' : 'error',
    subject,
    message: `The client authenticates by ${used}; ${chain.registration ? 'it is registered for' : 'the authorization server supports'} ${allowed.join(', ')}${accepted ? ', and the authorization server let it pass' : ''}.`,
    evidence: seen,
  };
}

/** RFC 8705: mutual TLS is below what a recording holds. */
const CERTIFICATES = new Set(['tls_client_auth', 'self_signed_tls_client_auth']);

interface Expectation {
  readonly allowed: readonly string[];
  readonly from: Evidence;
  /** No answer said so: it is the default of RFC 7591 section 2. */
  readonly isDefault?: boolean;
}

/**
 * The registration's method; where the log has no registration, the methods that the server's metadata lists.
 * An answer with a secret and without a method leaves it to the default, to what was asked for and to what is listed.
 */
function expectation(story: Story, bound: BoundExchange): Expectation | null {
  const { registration } = bound.chain;
  const document = documentAt(story, bound.grant.issuer, bound.by.exchange.sent);
  const listed = document?.metadata.tokenEndpointAuthMethodsSupported ?? null;
  if (!registration) return document && listed ? { allowed: listed, from: listedIn(document, listed) } : null;
  const registered = registeredMethod(registration);
  const asked = registration.request?.tokenEndpointAuthMethod ?? null;
  if (registered !== null) {
    const said = registration.response?.tokenEndpointAuthMethod ?? null;
    const more = said !== null || registered === 'none' ? [] : [...(asked ? [asked] : []), ...(listed ?? [])];
    const allowed = [...new Set([registered, ...more])];
    return { allowed, from: registeredAt(registration, registered), isDefault: said === null };
  }
  // The answer was lost: what was asked for, and let pass at the token endpoint, is what was registered.
  const used = methodsOf(bound.by)[0] ?? 'none';
  return asked === used && isRecognised(bound.by) ? { allowed: [asked], from: askedAt(registration, asked) } : null;
}

/** The server took the client for the one it says it is, whatever it answered else. */
function isRecognised(by: TokenExchange): boolean {
  return isSuccess(by) || (by.response?.error ?? 'invalid_client') !== 'invalid_client';
}

function askedAt({ exchange }: Registration, method: string): Evidence {
  return evidence(exchange, 'request.postData', `token_endpoint_auth_method: ${method}`);
}

function registeredAt({ exchange }: Registration, method: string): Evidence {
  return evidence(exchange, 'response.content', `token_endpoint_auth_method: ${method}`);
}

function listedIn({ exchange }: AuthorizationServerDocument, methods: readonly string[]): Evidence {
  return evidence(exchange, 'response.content', `token_endpoint_auth_methods_supported: ${methods.join(', ')}`);
}

function shownMethod({ by }: BoundExchange, used: string): Evidence {
  if (used === 'client_secret_basic') return evidence(by.exchange, 'request.headers.authorization', used);
  return fieldOf(
    by,
    used === 'client_secret_post' ? 'client_secret' : used === 'none' ? 'client_id' : 'client_assertion',
    used,
  );
}
