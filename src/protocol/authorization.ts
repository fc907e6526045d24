import { type Form, formField, formValue, formValues } from './form.ts';
import type { Range } from './range.ts';
import { parseScope } from './scope.ts';

/** An authorization request (RFC 6749 section 4.1.1, RFC 7636, RFC 8707, OIDC Core 1.0 section 3.1.2.1). */
export interface AuthorizationRequest {
  readonly clientId: string | null;
  readonly responseType: string | null;
  readonly redirectUri: string | null;
  /** Null when there is no `scope` parameter; empty when it names none. */
  readonly scope: readonly string[] | null;
  readonly scopeText: string | null;
  readonly scopeRange: Range | null;
  readonly state: string | null;
  readonly codeChallenge: string | null;
  readonly codeChallengeMethod: string | null;
  readonly resources: readonly string[];
  readonly prompt: readonly string[];
  /** RFC 9126: the parameters were pushed. */
  readonly requestUri: string | null;
  /** RFC 9101: the parameters are in a JWT. */
  readonly requestObject: string | null;
  /** Google's `access_type`. */
  readonly accessType: string | null;
  /** Google's `include_granted_scopes=true`. */
  readonly includeGrantedScopes: boolean;
  /** Dropbox's `token_access_type`. */
  readonly tokenAccessType: string | null;
  /** Reddit's `duration`. */
  readonly duration: string | null;
  readonly loginHint: string | null;
  readonly params: Form;
}

/** An authorization response (RFC 6749 sections 4.1.2 and 4.2.2; `iss` of RFC 9207). */
export interface AuthorizationResponse {
  readonly code: string | null;
  readonly state: string | null;
  readonly iss: string | null;
  readonly error: string | null;
  readonly errorDescription: string | null;
  readonly accessToken: string | null;
  readonly params: Form;
}

/** Reads the parameters of an authorization request. */
export function readAuthorizationRequest(params: Form): AuthorizationRequest {
  const scope = formField(params, 'scope');
  return {
    clientId: formValue(params, 'client_id'),
    responseType: formValue(params, 'response_type'),
    redirectUri: formValue(params, 'redirect_uri'),
    scope: scope === null ? null : parseScope(scope.value),
    scopeText: scope?.value ?? null,
    scopeRange: scope?.range ?? null,
    state: formValue(params, 'state'),
    codeChallenge: formValue(params, 'code_challenge'),
    codeChallengeMethod: formValue(params, 'code_challenge_method'),
    resources: formValues(params, 'resource'),
    prompt: parseScope(formValue(params, 'prompt') ?? ''),
    requestUri: formValue(params, 'request_uri'),
    requestObject: formValue(params, 'request'),
    accessType: formValue(params, 'access_type'),
    includeGrantedScopes: formValue(params, 'include_granted_scopes') === 'true',
    tokenAccessType: formValue(params, 'token_access_type'),
    duration: formValue(params, 'duration'),
    loginHint: formValue(params, 'login_hint'),
    params,
  };
}

/** Reads the parameters of an authorization response, from a query, a fragment or a posted form. */
export function readAuthorizationResponse(params: Form): AuthorizationResponse {
  return {
    code: formValue(params, 'code'),
    state: formValue(params, 'state'),
    iss: formValue(params, 'iss'),
    error: formValue(params, 'error'),
    errorDescription: formValue(params, 'error_description'),
    accessToken: formValue(params, 'access_token'),
    params,
  };
}
