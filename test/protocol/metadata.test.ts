import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as metadata from '../../src/protocol/metadata.ts';
import { order, repeated } from '../linear.ts';

describe('readProtectedResourceMetadata', () => {
  it('reads the example of RFC 9728 section 3.2', () => {
    const text = JSON.stringify({
      resource: 'https://resource.example.com',
      authorization_servers: ['https://as1.example.com', 'https://as2.example.net'],
      bearer_methods_supported: ['header', 'body'],
      scopes_supported: ['profile', 'email', 'phone'],
      resource_documentation: 'https://resource.example.com/resource_documentation.html',
    });
    expect(metadata.readProtectedResourceMetadata(text)).toMatchObject({
      resource: 'https://resource.example.com',
      authorizationServers: ['https://as1.example.com', 'https://as2.example.net'],
      scopesSupported: ['profile', 'email', 'phone'],
      bearerMethodsSupported: ['header', 'body'],
    });
  });

  it('takes a document that lacks one of the two, and nothing else', () => {
    expect(metadata.readProtectedResourceMetadata('{"resource":"x"}')).toMatchObject({
      authorizationServers: [],
      scopesSupported: null,
    });
    expect(metadata.readProtectedResourceMetadata('{"authorization_servers":[1,"a"]}')).toMatchObject({
      resource: null,
      authorizationServers: ['a'],
    });
    for (const text of ['', '[]', '{}', '{"resource":1}', '<html>', '{"__proto__":{"resource":"x"}}']) {
      expect(metadata.readProtectedResourceMetadata(text), text).toBeNull();
    }
  });
});

describe('readAuthorizationServerMetadata', () => {
  it('reads the example of RFC 8414 section 3.2', () => {
    const text = JSON.stringify({
      issuer: 'https://server.example.com',
      authorization_endpoint: 'https://server.example.com/authorize',
      token_endpoint: 'https://server.example.com/token',
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
      userinfo_endpoint: 'https://server.example.com/userinfo',
      jwks_uri: 'https://server.example.com/jwks.json',
      registration_endpoint: 'https://server.example.com/register',
      scopes_supported: ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'],
      response_types_supported: ['code', 'code token'],
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      pushed_authorization_request_endpoint: 'https://server.example.com/par',
      client_id_metadata_document_supported: true,
      authorization_response_iss_parameter_supported: false,
    });
    expect(metadata.readAuthorizationServerMetadata(text)).toMatchObject({
      issuer: 'https://server.example.com',
      authorizationEndpoint: 'https://server.example.com/authorize',
      tokenEndpoint: 'https://server.example.com/token',
      userinfoEndpoint: 'https://server.example.com/userinfo',
      jwksUri: 'https://server.example.com/jwks.json',
      registrationEndpoint: 'https://server.example.com/register',
      parEndpoint: 'https://server.example.com/par',
      revocationEndpoint: null,
      introspectionEndpoint: null,
      endSessionEndpoint: null,
      scopesSupported: ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'],
      codeChallengeMethodsSupported: ['S256'],
      grantTypesSupported: ['authorization_code', 'refresh_token'],
      tokenEndpointAuthMethodsSupported: ['client_secret_basic', 'private_key_jwt'],
      clientIdMetadataDocumentSupported: true,
      issParameterSupported: false,
    });
  });

  it('needs an issuer and an endpoint', () => {
    for (const text of ['{}', '{"issuer":"x"}', '{"token_endpoint":"x"}', '{"issuer":1,"token_endpoint":"x"}', '"x"']) {
      expect(metadata.readAuthorizationServerMetadata(text), text).toBeNull();
    }
    expect(metadata.readAuthorizationServerMetadata('{"issuer":"x","token_endpoint":"y"}')).toMatchObject({
      authorizationEndpoint: null,
      scopesSupported: null,
      issParameterSupported: null,
    });
  });
});

describe('where metadata is', () => {
  it('inserts the resource path (RFC 9728 section 3.1), then tries the root', () => {
    expect(metadata.protectedResourceMetadataUrls('https://resource.example.com/resource1')).toEqual([
      'https://resource.example.com/.well-known/oauth-protected-resource/resource1',
      'https://resource.example.com/.well-known/oauth-protected-resource',
    ]);
    expect(metadata.protectedResourceMetadataUrls('https://a:8443/#x')).toEqual([
      'https://a:8443/.well-known/oauth-protected-resource',
    ]);
    expect(metadata.protectedResourceMetadataUrls('https://a/mcp/')).toContain(
      'https://a/.well-known/oauth-protected-resource/mcp',
    );
    expect(metadata.protectedResourceMetadataUrls('/mcp')).toEqual([]);
  });

  it('lists an issuer with a path in the order of the MCP specification', () => {
    expect(metadata.authorizationServerMetadataUrls('https://auth.example.com/tenant1')).toEqual([
      'https://auth.example.com/.well-known/oauth-authorization-server/tenant1',
      'https://auth.example.com/.well-known/openid-configuration/tenant1',
      'https://auth.example.com/tenant1/.well-known/openid-configuration',
    ]);
    for (const issuer of ['https://auth.example.com', 'https://auth.example.com/']) {
      expect(metadata.authorizationServerMetadataUrls(issuer)).toEqual([
        'https://auth.example.com/.well-known/oauth-authorization-server',
        'https://auth.example.com/.well-known/openid-configuration',
      ]);
    }
    expect(metadata.authorizationServerMetadataUrls('example.com')).toEqual([]);
  });

  it('knows each of these URLs again', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
        for (const each of metadata.protectedResourceMetadataUrls(url)) {
          expect(metadata.wellKnownKind(each)).toBe('protected-resource');
        }
        const kinds = metadata.authorizationServerMetadataUrls(url).map(metadata.wellKnownKind);
        expect(kinds[0]).toBe('oauth-authorization-server');
        expect(kinds.slice(1).every((kind) => kind === 'openid-configuration')).toBe(true);
      }),
    );
  });

  it('is not misled by look-alikes', () => {
    expect(metadata.wellKnownKind('https://a/mcp/.well-known/oauth-authorization-server')).toBe(
      'oauth-authorization-server',
    );
    for (const url of [
      'https://a/.well-known/oauth-protected-resource2',
      'https://a/x?u=/.well-known/openid-configuration',
      'https://a/.well-known/jwks.json',
      'https://a/#/.well-known/openid-configuration',
      '/.well-known/openid-configuration',
      '',
    ]) {
      expect(metadata.wellKnownKind(url), url).toBeNull();
    }
  });
});

describe('hostile input', () => {
  it('takes any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        metadata.readProtectedResourceMetadata(text);
        metadata.readAuthorizationServerMetadata(text);
        metadata.protectedResourceMetadataUrls(text);
        metadata.authorizationServerMetadataUrls(text);
        metadata.wellKnownKind(text);
      }),
    );
  });

  it('is linear', () => {
    const read = (text: string) => [
      metadata.readProtectedResourceMetadata(text),
      metadata.readAuthorizationServerMetadata(text),
    ];
    expect(
      order(read, (n) => `{"issuer":"x","token_endpoint":"y","scopes_supported":[${repeated('"a",', n)}0]}`),
    ).toBeLessThan(1.7);
    expect(order(metadata.wellKnownKind, (n) => `https://a${repeated('/.well-known', n)}`)).toBeLessThan(1.7);
  });
});
