import { formField, formValue } from '../../protocol/form.ts';
import { type Jwt, readJwt } from '../../protocol/jwt.ts';
import { endpointOf } from '../../protocol/url.ts';
import { isSameIssuer } from '../../story/issuers.ts';
import type { AuthorizationServerDocument, Server, Story, TokenExchange } from '../../story/model.ts';
import { wouldShowCredentials } from '../../story/presented.ts';
import { isWhole } from '../../story/recorded.ts';
import type { Missing } from '../missing.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { quoted } from '../shared/evidence/document.ts';
import { tokenRequestOf } from '../shared/evidence/evidence.ts';
import { fieldOf } from '../shared/evidence/parameters.ts';
import { rfc } from '../shared/spec/links.ts';
import { basicCredentials, methodsOf } from '../shared/token-endpoint/client-authentication.ts';

/** RFC 6749 section 4.4: a program that signs in as itself has to prove who it is. */
export const rule = defineRule({
  id: 'client-credentials-grant-type',
  title: 'Client credentials grant without proper client authentication',
  party: 'client',
  level: 'error',
  since: null,
  aliases: [
    'client-credentials-basic-auth',
    'client-credentials-assertion-type',
    'client-credentials-jwt-iss',
    'client-credentials-jwt-sub',
    'client-credentials-jwt-aud',
    'client-credentials-jwt-verified',
  ],
  spec: [
    { text: 'MCP authorization extensions', url: 'https://modelcontextprotocol.io/extensions/auth/overview' },
    rfc(6749, '4.4'),
    rfc(7523, '3'),
  ],
  fix: 'Authenticate with HTTP Basic, or with a signed JWT whose iss and sub are the client id and whose aud is the authorization server.',
  *judge(story) {
    for (const { server, grants } of story.chains) {
      if (!server) continue;
      for (const { token } of grants) {
        if (token?.request.grantType === 'client_credentials') yield judge(story, server, token);
      }
    }
  },
});

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

function judge(story: Story, server: Server, by: TokenExchange): Judgement {
  const subject = server.url;
  const request = tokenRequestOf(by);
  const open = (message: string, missing: Missing): Judgement => ({
    kind: 'open',
    subject,
    message,
    evidence: [request],
    missing: [missing],
  });
  const assertion = formField(by.request.params, 'client_assertion');
  if (assertion) return judgeAssertion(story, server, by, assertion.value);
  if (methodsOf(by).length > 0) {
    const how = methodsOf(by).join(', ');
    return {
      kind: 'pass',
      subject,
      message: `The client signs in as itself and proves who it is (${how}).`,
      evidence: [request],
    };
  }
  if (!isWhole(by)) return open('The recording does not hold the whole token request.', 'request-body');
  if (!wouldShowCredentials(story, by.exchange))
    return open('The recording shows no Authorization headers.', 'authorization-header');
  const documents = documentsOf(story, by);
  if (documents.length === 0) {
    return open(
      'Whether the client proved who it is by a certificate (mutual TLS) is not in the log.',
      'authorization-server-metadata',
    );
  }
  if (documents.some(takesCertificates))
    return open('Whether the client showed a certificate (mutual TLS) is not in the log.', 'client-certificate');
  const message = 'The client asked for a token in its own name without proving who it is.';
  return { kind: 'fail', subject, message, evidence: [request] };
}

function judgeAssertion(story: Story, server: Server, by: TokenExchange, assertion: string): Judgement {
  const subject = server.url;
  const fail = (message: string, name: string): Judgement => ({
    kind: 'fail',
    subject,
    message,
    evidence: [fieldOf(by, name, name)],
  });
  const type = formValue(by.request.params, 'client_assertion_type');
  if (type !== JWT_BEARER) {
    const what = type === null ? 'no client_assertion_type' : `client_assertion_type ${quoted(type)}`;
    return fail(`The client sent a signed assertion with ${what}.`, 'client_assertion_type');
  }
  const jwt = readJwt(assertion);
  if (!jwt) {
    const message = 'The client assertion cannot be read as a JWT.';
    return {
      kind: 'open',
      subject,
      message,
      evidence: [fieldOf(by, 'client_assertion', 'client_assertion')],
      missing: ['assertion-claims'],
    };
  }
  const wrong = wrongClaim(story, by, jwt);
  if (wrong) return fail(wrong, 'client_assertion');
  if (!isMadeOutTo(story, by, jwt)) {
    const message = `The client assertion is made out to ${quoted(jwt.audience.join(', '))}; what the authorization server is called is not in the log.`;
    const seen = [fieldOf(by, 'client_assertion', 'client_assertion')];
    return { kind: 'open', subject, message, evidence: seen, missing: ['authorization-server-metadata'] };
  }
  const message = 'The client signs in as itself with an assertion made out to this authorization server.';
  return { kind: 'pass', subject, message, evidence: [fieldOf(by, 'client_assertion', 'client_assertion')] };
}

/** RFC 7523 section 3: `iss` and `sub` are the client, `aud` is the authorization server. */
function wrongClaim(story: Story, by: TokenExchange, jwt: Jwt): string | null {
  const { issuer, subject, audience } = jwt;
  const clientId = by.request.clientId ?? basicCredentials(by)?.id ?? null;
  if (issuer === null || subject === null) return `The client assertion has no ${issuer === null ? 'iss' : 'sub'}.`;
  if (issuer !== subject) return `The client assertion's iss (${quoted(issuer)}) is not its sub (${quoted(subject)}).`;
  if (clientId !== null && subject !== clientId)
    return `The client assertion is of ${quoted(subject)}, the request of ${quoted(clientId)}.`;
  // Whose endpoint it is, and so what the issuer is called, must be known before an audience is called wrong.
  if (audience.length > 0 && (isMadeOutTo(story, by, jwt) || documentsOf(story, by).length === 0)) return null;
  return `The client assertion is made out to ${audience.length === 0 ? 'nobody' : quoted(audience.join(', '))}, not to this authorization server.`;
}

/** The endpoint itself, or its issuer, is in the audience. */
function isMadeOutTo(story: Story, by: TokenExchange, { audience }: Jwt): boolean {
  const issuers = [by.issuer, ...documentsOf(story, by).map(({ metadata }) => metadata.issuer)];
  return audience.some(
    (one) => endpointOf(one) === endpointOf(by.exchange.url) || issuers.some((known) => isSameIssuer(known, one)),
  );
}

function documentsOf(story: Story, by: TokenExchange): readonly AuthorizationServerDocument[] {
  const there = endpointOf(by.exchange.url);
  return story.authorizationServers.flatMap(({ metadata }) =>
    metadata.filter(
      (document) => document.metadata.tokenEndpoint !== null && endpointOf(document.metadata.tokenEndpoint) === there,
    ),
  );
}

function takesCertificates({ metadata }: AuthorizationServerDocument): boolean {
  return metadata.tokenEndpointAuthMethodsSupported?.some((method) => method.includes('tls_client_auth')) ?? false;
}
