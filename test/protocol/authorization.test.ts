import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAuthorizationRequest, readAuthorizationResponse } from '../../src/protocol/authorization.ts';
import { parseForm } from '../../src/protocol/form.ts';
import { readTarget } from '../../src/protocol/url.ts';

const requestOf = (query: string) => readAuthorizationRequest(parseForm(query));

describe('readAuthorizationRequest', () => {
  it('reads the example of RFC 6749 section 4.1.1', () => {
    const query =
      'response_type=code&client_id=s6BhdRkqt3&state=xyz&redirect_uri=https%3A%2F%2Fclient%2Eexample%2Ecom%2Fcb';
    expect(requestOf(query)).toMatchObject({
      responseType: 'code',
      clientId: 's6BhdRkqt3',
      state: 'xyz',
      redirectUri: 'https://client.example.com/cb',
      scope: null,
      scopeText: null,
      scopeRange: null,
      codeChallenge: null,
      resources: [],
      prompt: [],
      includeGrantedScopes: false,
    });
  });

  it('reads PKCE, several resources, prompts and vendor parameters', () => {
    expect(
      requestOf(
        'code_challenge=E9M&code_challenge_method=S256&resource=https%3A%2F%2Fa&resource=https%3A%2F%2Fb&prompt=login+consent&access_type=offline&include_granted_scopes=true&token_access_type=offline&duration=permanent&login_hint=u&request_uri=urn%3Ax&request=e.y.J',
      ),
    ).toMatchObject({
      codeChallenge: 'E9M',
      codeChallengeMethod: 'S256',
      resources: ['https://a', 'https://b'],
      prompt: ['login', 'consent'],
      accessType: 'offline',
      includeGrantedScopes: true,
      tokenAccessType: 'offline',
      duration: 'permanent',
      loginHint: 'u',
      requestUri: 'urn:x',
      requestObject: 'e.y.J',
    });
  });

  it('tells an empty scope from none, and says where the scope stands in the URL', () => {
    expect(requestOf('scope=').scope).toEqual([]);
    const url = 'https://as/authorize?client_id=x&scope=files%3Aread+b#f';
    const target = readTarget(url);
    const request = target && readAuthorizationRequest(target.query);
    expect(request?.scope).toEqual(['files:read', 'b']);
    expect(url.slice(...(request?.scopeRange ?? [0, 0]))).toBe('files%3Aread+b');
  });
});

describe('readAuthorizationResponse', () => {
  it('reads success (with RFC 9207 iss), failure and implicit responses', () => {
    const response = (query: string) => readAuthorizationResponse(parseForm(query));
    expect(
      response(
        'code=x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58&state=ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI&iss=https%3A%2F%2Fhonest.as.example',
      ),
    ).toMatchObject({
      code: 'x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58',
      state: 'ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI',
      iss: 'https://honest.as.example',
      error: null,
    });
    expect(response('error=access_denied&error_description=no+way&state=xyz')).toMatchObject({
      code: null,
      error: 'access_denied',
      errorDescription: 'no way',
    });
    expect(response('access_token=t&token_type=Bearer').accessToken).toBe('t');
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const params = parseForm(text);
        expect(readAuthorizationRequest(params).params).toBe(params);
        expect(readAuthorizationResponse(params).params).toBe(params);
      }),
    );
  });
});
