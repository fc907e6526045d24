import { readAuthorizationRequest, readAuthorizationResponse } from '../../src/protocol/authorization.ts';
import { bearerChallenge, parseChallenges } from '../../src/protocol/challenge.ts';
import { parseForm } from '../../src/protocol/form.ts';
import { parseJson, parseJsonParts } from '../../src/protocol/json.ts';
import { rangesOfStrings, topLevelRanges } from '../../src/protocol/json-range.ts';
import { readRpcBody } from '../../src/protocol/json-rpc.ts';
import { readJwt } from '../../src/protocol/jwt.ts';
import { readAuthorizationServerMetadata, readProtectedResourceMetadata } from '../../src/protocol/metadata.ts';
import { mentionsUnauthorized } from '../../src/protocol/model-text.ts';
import { readClientMetadata } from '../../src/protocol/registration.ts';
import { canonicalUrl, isWithin, sameResource } from '../../src/protocol/resource.ts';
import { parseScope, scopeTextProblems } from '../../src/protocol/scope.ts';
import { parseEventStream } from '../../src/protocol/sse.ts';
import { readTokenRequest, readTokenResponse } from '../../src/protocol/token.ts';
import { parseUrl, readTarget } from '../../src/protocol/url.ts';

/** Every reader of a text, by name; none may throw. */
export const readers: Readonly<Record<string, (text: string) => unknown>> = {
  readAuthorizationRequest: (text) => readAuthorizationRequest(parseForm(text)),
  readAuthorizationResponse: (text) => readAuthorizationResponse(parseForm(text)),
  parseChallenges,
  bearerChallenge,
  parseForm,
  parseJson,
  parseJsonParts: (text) => parseJsonParts(text.split('\n')),
  rangesOfStrings: (text) => rangesOfStrings(text, new Set(['jsonrpc', '2.0'])),
  topLevelRanges,
  readRpcBody: (text) => [readRpcBody(text, 'application/json'), readRpcBody(text, 'text/event-stream')],
  readJwt,
  readAuthorizationServerMetadata,
  readProtectedResourceMetadata,
  mentionsUnauthorized,
  readClientMetadata,
  canonicalUrl,
  sameResource: (text) => sameResource(text, 'https://mcp.example.com/mcp'),
  isWithin: (text) => isWithin(text, 'https://mcp.example.com/mcp'),
  parseScope,
  scopeTextProblems,
  parseEventStream,
  readTokenRequest: (text) => [readTokenRequest(text, 'application/x-www-form-urlencoded'), readTokenRequest(text, '')],
  readTokenResponse: (text) => [readTokenResponse(text, 'application/json'), readTokenResponse(text, '')],
  parseUrl,
  readTarget,
};
