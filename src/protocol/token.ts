import { type Field, type Form, formField, formValue, formValues, parseForm } from './form.ts';
import { asObject, type JsonObject, member, objectMember, parseJson, stringMember, stringsMember } from './json.ts';
import { topLevelRanges } from './json-range.ts';
import { isJsonType, mediaType } from './media-type.ts';
import type { Range } from './range.ts';
import { parseReportedScope, parseScope } from './scope.ts';

/** A request to the token endpoint (RFC 6749 sections 4.1.3 and 6). */
export interface TokenRequest {
  readonly grantType: string | null;
  readonly code: string | null;
  readonly codeVerifier: string | null;
  /** Null when absent; an empty one is kept. */
  readonly refreshToken: string | null;
  readonly clientId: string | null;
  readonly redirectUri: string | null;
  readonly resources: readonly string[];
  /** Null when there is no `scope` parameter; empty when it names none. */
  readonly scope: readonly string[] | null;
  readonly scopeRange: Range | null;
  readonly params: Form;
  /** RFC 6749 knows forms only; some servers take JSON. */
  readonly format: 'form' | 'json';
}

/** A response of the token endpoint (RFC 6749 sections 5.1 and 5.2). */
export interface TokenResponse {
  readonly accessToken: string | null;
  /** Null when absent or empty. */
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  readonly tokenType: string | null;
  /** Seconds. */
  readonly expiresIn: number | null;
  /** Seconds; Keycloak's `refresh_expires_in`, GitHub's `refresh_token_expires_in`. */
  readonly refreshExpiresIn: number | null;
  /** Null when omitted or empty. */
  readonly scope: readonly string[] | null;
  /** Whether there was a `scope` member at all. */
  readonly scopeGiven: boolean;
  readonly error: string | null;
  readonly errorDescription: string | null;
}

/** Reads a token request, form or JSON; null when it has no `grant_type`. */
export function readTokenRequest(text: string, mimeType: string): TokenRequest | null {
  const json = jsonForm(text, mimeType);
  const params = json ?? readForm(text, mimeType);
  const grantType = formValue(params, 'grant_type');
  if (grantType === null) return null;
  const scope = formField(params, 'scope');
  return {
    grantType,
    code: formValue(params, 'code'),
    codeVerifier: formValue(params, 'code_verifier'),
    refreshToken: formValue(params, 'refresh_token'),
    clientId: formValue(params, 'client_id'),
    redirectUri: formValue(params, 'redirect_uri'),
    resources: formValues(params, 'resource'),
    scope: scope === null ? null : parseScope(scope.value),
    scopeRange: scope?.range ?? null,
    params,
    format: json === null ? 'form' : 'json',
  };
}

/**
 * Reads a token response: JSON, or the form encoding GitHub answers with. Null when it has neither a
 * token nor an error.
 */
export function readTokenResponse(text: string, mimeType: string): TokenResponse | null {
  const object = readObject(text, mimeType) ?? formObject(readForm(text, mimeType));
  // Slack issues the user's token one level down.
  const user = stringMember(object, 'access_token') === null ? objectMember(object, 'authed_user') : null;
  const source = user !== null && stringMember(user, 'access_token') !== null ? user : object;
  const accessToken = filledMember(source, 'access_token');
  const refreshToken = filledMember(source, 'refresh_token');
  const idToken = filledMember(object, 'id_token');
  const error = filledMember(object, 'error');
  if (accessToken === null && refreshToken === null && idToken === null && error === null) return null;
  const scope = reportedScope(source);
  return {
    accessToken,
    refreshToken,
    idToken,
    tokenType: filledMember(source, 'token_type'),
    expiresIn: seconds(source, 'expires_in'),
    refreshExpiresIn: seconds(source, 'refresh_expires_in') ?? seconds(source, 'refresh_token_expires_in'),
    scope: scope === null || scope.length === 0 ? null : scope,
    scopeGiven: scope !== null,
    error,
    errorDescription: filledMember(object, 'error_description'),
  };
}

/** A body as a form; no fields where it is another format, for links in a page or in cut JSON look like fields. */
function readForm(text: string, mimeType: string): Form {
  const type = mediaType(mimeType);
  const other = isJsonType(type) || type.startsWith('multipart/') || type.endsWith('html') || type.endsWith('xml');
  return other || '{[<'.includes(text.trimStart().charAt(0)) ? { fields: [] } : parseForm(text);
}

function readObject(text: string, mimeType: string): JsonObject | null {
  const likely = isJsonType(mimeType) || text.trimStart().startsWith('{');
  return likely ? asObject(parseJson(text)) : null;
}

/** A JSON object's members as form fields: an array's strings one by one, other values as their text. */
function jsonForm(text: string, mimeType: string): Form | null {
  const object = readObject(text, mimeType);
  if (object === null) return null;
  const ranges = topLevelRanges(text);
  const fields: Field[] = [];
  for (const [name, value] of Object.entries(object)) {
    const range = ranges.get(name) ?? [0, text.length];
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') {
        fields.push({ name, value: String(item), range });
      }
    }
  }
  return { fields };
}

function formObject(form: Form): JsonObject {
  const object: Record<string, unknown> = Object.create(null);
  for (const { name, value } of form.fields) if (!Object.hasOwn(object, name)) object[name] = value;
  return object;
}

/** A member that is a string with something in it, else null. */
function filledMember(object: JsonObject, name: string): string | null {
  const value = stringMember(object, name);
  return value === '' ? null : value;
}

/** A number of seconds; some servers send it as a string. */
function seconds(object: JsonObject, name: string): number | null {
  const value = member(object, name);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Null when there is no `scope`; some servers send an array. */
function reportedScope(object: JsonObject): string[] | null {
  const value = stringMember(object, 'scope');
  return value === null ? stringsMember(object, 'scope') : parseReportedScope(value);
}
