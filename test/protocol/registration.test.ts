import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClientMetadata } from '../../src/protocol/registration.ts';
import { order, repeated } from '../linear.ts';

describe('readClientMetadata', () => {
  it('reads the request and response of RFC 7591 section 3', () => {
    const request = {
      redirect_uris: ['https://client.example.org/callback', 'https://client.example.org/callback2'],
      client_name: 'My Example Client',
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      application_type: 'web',
      scope: 'a b',
    };
    const expected = {
      redirectUris: request.redirect_uris,
      clientName: 'My Example Client',
      tokenEndpointAuthMethod: 'client_secret_basic',
      grantTypes: ['authorization_code', 'refresh_token'],
      responseTypes: ['code'],
      applicationType: 'web',
      scope: ['a', 'b'],
    };
    expect(readClientMetadata(JSON.stringify(request))).toMatchObject({ ...expected, clientId: null });
    const response = { ...request, client_id: 's6BhdRkqt3', client_secret: 'cf136dc3c1fc93f31185e5885805d' };
    expect(readClientMetadata(JSON.stringify(response))).toMatchObject({
      ...expected,
      clientId: 's6BhdRkqt3',
      clientSecret: 'cf136dc3c1fc93f31185e5885805d',
    });
  });

  it('tells absence from emptiness where it matters', () => {
    expect(readClientMetadata('{"client_id":"x","scope":""}')).toMatchObject({ scope: null, grantTypes: null });
    expect(readClientMetadata('{"client_id":"x","grant_types":[]}')?.grantTypes).toEqual([]);
  });

  it('refuses what is no client metadata', () => {
    for (const text of ['', '{}', '[]', '{"error":"invalid_client_metadata"}', '{"__proto__":{"client_id":"x"}}']) {
      expect(readClientMetadata(text), text).toBeNull();
    }
  });

  it('takes any text, in linear time', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        readClientMetadata(text);
      }),
    );
    expect(order(readClientMetadata, (n) => `{"client_id":"x","scope":"${repeated('a ', n)}"}`)).toBeLessThan(1.7);
  });
});
