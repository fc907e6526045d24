import { formValue } from '../../protocol/form.ts';
import { hasVerifierForm } from '../../protocol/pkce.ts';
import type { Authorization, Callback, TokenExchange } from '../../story/model.ts';
import { challengeMadeBy } from '../../story/pkce.ts';
import { hasLostSecrets, isWhole } from '../../story/recorded.ts';
import { isSuccess } from '../../story/token-answers.ts';
import type { Missing } from '../missing.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { fieldOf, parameterOf } from '../shared/evidence/parameters.ts';
import { mcp, oauth21 } from '../shared/spec/links.ts';
import { type BoundExchange, codeExchanges, isReadable } from '../shared/token-endpoint/token-exchanges.ts';

/** OAuth 2.1 section 4.1.3: the code is worth nothing without the verifier of its own challenge. */
export const rule = defineRule({
  id: 'as-pkce-enforced',
  title: 'The authorization server exchanged a code without PKCE',
  party: 'authorization-server',
  level: 'error',
  since: '2025-03-26',
  spec: [
    oauth21('4.1.2.1'),
    oauth21('4.1.3'),
    mcp('2026-07-28', 'authorization-code-protection', 'security-considerations'),
    mcp('2025-11-25', 'authorization-code-protection'),
    mcp('2025-06-18', 'authorization-code-protection'),
    mcp('2025-03-26', 'implementation-requirements'),
  ],
  fix: 'Require a code_challenge of every public client, and refuse a code_verifier that does not fit it.',
  *judge(story) {
    for (const bound of codeExchanges(story)) {
      const judgement = judge(bound);
      if (judgement) yield judgement;
    }
  },
});

function judge({ by, grant, server }: BoundExchange): Judgement | null {
  const subject = server.url;
  const accepted = isSuccess(by) && by.response?.accessToken != null;
  const { authorization } = grant;
  const open = (message: string, missing: Missing): Judgement => ({
    kind: 'open',
    subject,
    message,
    evidence: [evidence(by.exchange, 'response.status', String(by.exchange.response.status))],
    missing: [missing],
  });
  if (isSuccess(by) && by.response === null)
    return open('What the token endpoint answered was not recorded.', 'token-response');
  const refused = by.response?.error != null;
  if (!accepted && !refused) return null;
  if (!isReadable(authorization) || !isOwn(authorization, grant.callback, by)) {
    return accepted
      ? open('The authorization request that yielded the code was not recorded.', 'authorization-request')
      : null;
  }
  if (accepted && (!isWhole(by) || hasLostSecrets(by)))
    return open('The recording does not hold the whole code exchange.', 'request-body');
  const fit = fitOf(authorization, by);
  const answered = evidence(by.exchange, 'response.status', String(by.exchange.response.status));
  const seen = [
    answered,
    parameterOf(authorization, 'code_challenge', fit === 'none' ? 'no code_challenge' : 'code_challenge'),
    fieldOf(by, 'code_verifier', by.request.codeVerifier === null ? 'no code_verifier' : 'code_verifier'),
  ];
  if (fit === 'unknown')
    return accepted
      ? open('The recording does not hold the code_verifier or the code_challenge as sent.', 'code-verifier')
      : null;
  if (refused)
    return fit === 'fits'
      ? null
      : {
          kind: 'pass',
          subject,
          message: `The authorization server refused a code without its code_verifier: ${by.response?.error ?? ''}.`,
          evidence: seen,
        };
  if (fit === 'fits')
    return {
      kind: 'pass',
      subject,
      message: 'The code was exchanged with the code_verifier of its own request.',
      evidence: seen,
    };
  if (isExcepted(authorization, by)) {
    const message = 'A confidential OpenID Connect client may rely on its nonce in place of PKCE.';
    return { kind: 'notApplicable', subject, message, evidence: seen };
  }
  const message =
    fit === 'none'
      ? 'The authorization server took a request without code_challenge, and exchanged its code for a token.'
      : 'The authorization server exchanged the code although the code_verifier does not fit the code_challenge.';
  return { kind: 'fail', subject, message, evidence: seen };
}

/** The very code that came back to this request: two sign-ins may be given the same one. */
function isOwn(authorization: Authorization, callback: Callback | null, { request }: TokenExchange): boolean {
  const delivered = callback?.response.code ?? null;
  return delivered !== null && request.code === delivered && callback?.response.state === authorization.request.state;
}

type Fit = 'fits' | 'misfit' | 'none' | 'unknown';

function fitOf({ request }: Authorization, by: TokenExchange): Fit {
  const verifier = by.request.codeVerifier;
  const challenge = request.codeChallenge;
  if (challenge === null || challenge === '') return 'none';
  if (verifier === null || verifier === '') return hasVerifierForm(challenge) ? 'misfit' : 'unknown';
  const plain = request.codeChallengeMethod === null || request.codeChallengeMethod === 'plain';
  if (challengeMadeBy(by.request) === challenge || (plain && verifier === challenge)) return 'fits';
  return hasVerifierForm(verifier) && hasVerifierForm(challenge) ? 'misfit' : 'unknown';
}

/** OAuth 2.1 section 7.5.2: a client that authenticates itself, with an OpenID Connect nonce. */
function isExcepted({ request }: Authorization, by: TokenExchange): boolean {
  const authenticated = by.request.params.fields.some(
    ({ name }) => name === 'client_secret' || name === 'client_assertion',
  );
  const basic = by.exchange.request.headers.some(({ name }) => name.toLowerCase() === 'authorization');
  return formValue(request.params, 'nonce') !== null && (authenticated || basic);
}
