import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTokenRequest, readTokenResponse } from '../../src/protocol/token.ts';
import { order, repeated } from '../linear.ts';

const form = 'application/x-www-form-urlencoded';
const json = 'application/json';

describe('readTokenRequest', () => {
  it('reads the examples of RFC 6749 sections 4.1.3 and 6', () => {
    const exchange =
      'grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA&redirect_uri=https%3A%2F%2Fclient%2Eexample%2Ecom%2Fcb';
    expect(readTokenRequest(exchange, form)).toMatchObject({
      grantType: 'authorization_code',
      code: 'SplxlOBeZQQYbYS6WxSbIA',
      redirectUri: 'https://client.example.com/cb',
      refreshToken: null,
      scope: null,
      format: 'form',
    });
    expect(readTokenRequest('grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA', form)).toMatchObject({
      grantType: 'refresh_token',
      refreshToken: 'tGzv3JOkF0XG5Qx2TlKWIA',
    });
  });

  it('keeps an empty refresh token and finds the scope', () => {
    const text = 'grant_type=refresh_token&refresh_token=&scope=a+b&resource=x&resource=y&client_id=c';
    const request = readTokenRequest(text, form);
    expect(request).toMatchObject({ refreshToken: '', scope: ['a', 'b'], resources: ['x', 'y'], clientId: 'c' });
    expect(text.slice(...(request?.scopeRange ?? [0, 0]))).toBe('a+b');
  });

  it('reads JSON, said or not, with ranges', () => {
    const text =
      '{ "grant_type": "authorization_code", "code_verifier": "v", "scope": "a b", "resource": ["x", "y"], "n": 1 }';
    for (const type of [json, 'application/json; charset=utf-8', '', 'text/plain']) {
      const request = readTokenRequest(text, type);
      expect(request).toMatchObject({ codeVerifier: 'v', scope: ['a', 'b'], resources: ['x', 'y'], format: 'json' });
      expect(text.slice(...(request?.scopeRange ?? [0, 0]))).toBe('a b');
    }
  });

  it('needs a grant type', () => {
    for (const text of ['', 'code=x', '{}', '[]', '{"grant_type":{}}', '{"__proto__":{"grant_type":"x"}}']) {
      expect(readTokenRequest(text, ''), text).toBeNull();
    }
  });
});

describe('readTokenResponse', () => {
  it('reads the examples of RFC 6749 sections 5.1 and 5.2', () => {
    const text =
      '{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"example","expires_in":3600,"refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA","example_parameter":"example_value"}';
    expect(readTokenResponse(text, json)).toEqual({
      accessToken: '2YotnFZFEjr1zCsicMWpAA',
      refreshToken: 'tGzv3JOkF0XG5Qx2TlKWIA',
      idToken: null,
      tokenType: 'example',
      expiresIn: 3600,
      refreshExpiresIn: null,
      scope: null,
      scopeGiven: false,
      error: null,
      errorDescription: null,
    });
    expect(readTokenResponse('{"error":"invalid_request"}', json)).toMatchObject({
      accessToken: null,
      error: 'invalid_request',
    });
  });

  it('reads GitHub, Slack, Keycloak and numbers in strings', () => {
    expect(
      readTokenResponse(
        'access_token=gho_16C7e42F292c6912E7710c838347Ae178B4a&scope=repo%2Cgist&token_type=bearer',
        form,
      ),
    ).toMatchObject({
      accessToken: 'gho_16C7e42F292c6912E7710c838347Ae178B4a',
      scope: ['repo', 'gist'],
      scopeGiven: true,
    });
    expect(readTokenResponse('error=bad_verification_code&error_description=The+code', form)).toMatchObject({
      error: 'bad_verification_code',
      errorDescription: 'The code',
    });
    expect(readTokenResponse('{"ok":true,"authed_user":{"access_token":"xoxp","scope":"a,b"}}', json)).toMatchObject({
      accessToken: 'xoxp',
      scope: ['a', 'b'],
    });
    expect(readTokenResponse('{"access_token":"t","expires_in":"300","refresh_expires_in":1800}', json)).toMatchObject({
      expiresIn: 300,
      refreshExpiresIn: 1800,
    });
  });

  it('tells an omitted scope from an empty one, and an empty refresh token is none', () => {
    expect(readTokenResponse('{"access_token":"t","scope":"","refresh_token":""}', json)).toMatchObject({
      scope: null,
      scopeGiven: true,
      refreshToken: null,
    });
    expect(readTokenResponse('{"access_token":"t","scope":["a","b"]}', json)?.scope).toEqual(['a', 'b']);
  });

  it('is null where there is neither token nor error', () => {
    for (const text of [
      '',
      '{}',
      '[]',
      '<html>access_token</html>',
      '{"access_token":1}',
      '{"__proto__":{"access_token":"x"}}',
      '__proto__=x',
    ]) {
      expect(readTokenResponse(text, json), text).toBeNull();
    }
  });

  it('reads back what a server writes', () => {
    const scope = fc.array(fc.stringMatching(/^[a-z:.]{1,6}$/), { minLength: 1 });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), scope, fc.integer(), (token, scopes, seconds) => {
        const response = readTokenResponse(
          JSON.stringify({ access_token: token, scope: scopes.join(' '), expires_in: seconds }),
          json,
        );
        expect(response).toMatchObject({ accessToken: token, scope: [...new Set(scopes)], expiresIn: seconds });
      }),
    );
  });
});

describe('other formats', () => {
  it('are no forms, whatever links they carry', () => {
    const others: [string, string][] = [
      ['<a href="/token?x=1&error=oops&grant_type=refresh_token">', 'text/html'],
      ['<a href="/token?x=1&error=oops&grant_type=refresh_token">', ''],
      ['{"link":"/token?x=1&error=oops&grant_type=refresh_token', 'application/json'],
      ['{"link":"/token?x=1&error=oops&grant_type=refresh_token', ''],
      ['--x\r\n&grant_type=refresh_token&error=oops', 'multipart/form-data'],
    ];
    for (const [text, type] of others) {
      expect(readTokenRequest(text, type), text).toBeNull();
      expect(readTokenResponse(text, type), text).toBeNull();
    }
  });
});

describe('hostile input', () => {
  it('takes any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), fc.constantFrom(form, json, ''), (text, type) => {
        readTokenRequest(text, type);
        readTokenResponse(text, type);
      }),
    );
  });

  it.each(['a=b&', '%41', '{"a":', '"grant_type":"x",', ' '])('is linear on %j', (piece) => {
    for (const start of ['', '{']) {
      expect(
        order(
          (text) => readTokenRequest(text, ''),
          (n) => start + repeated(piece, n),
        ),
      ).toBeLessThan(1.7);
      expect(
        order(
          (text) => readTokenResponse(text, ''),
          (n) => start + repeated(piece, n),
        ),
      ).toBeLessThan(1.7);
    }
    const many = (n: number) =>
      `{${Array.from({ length: n / 12 }, (_, i) => `"k${i}":"v"`).join(',')},"grant_type":"x"}`;
    expect(order((text) => readTokenRequest(text, ''), many)).toBeLessThan(1.7);
  });
});
