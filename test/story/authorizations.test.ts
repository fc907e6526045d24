import { describe, expect, it } from 'vitest';
import { s256 } from '../../src/protocol/pkce.ts';
import { ISSUER, PAGE, REDIRECT, SERVER, type Traffic, traffic } from '../traffic/traffic.ts';
import { grantAt, shapes, tell } from './story.ts';

const DOCUMENT = { _resourceType: 'document' } as const;
const PARAMS = {
  response_type: 'code',
  client_id: 'c',
  redirect_uri: REDIRECT,
  resource: SERVER,
  state: 'state-1',
  code_challenge: s256('v'),
};

function begin(): Traffic {
  return traffic().challenge({ scope: 'r' }).prm().asm();
}

function authorize(params: Readonly<Record<string, string>> = {}, url = `${ISSUER}/authorize`): string {
  return `${url}?${new URLSearchParams({ ...PARAMS, ...params })}`;
}

describe('an authorization request', () => {
  it('that the authorization server passes through its own pages is one', () => {
    const log = begin()
      .raw('GET', authorize(), { status: 302, headers: { location: `${ISSUER}/login` } }, DOCUMENT)
      .raw('GET', `${ISSUER}/login`, { body: '<form>' }, DOCUMENT)
      .raw('GET', authorize(), { status: 302, headers: { location: `${REDIRECT}?code=c-1&state=state-1` } }, DOCUMENT);
    const story = tell(log);
    expect(shapes(story)).toEqual([[3, 5, null, []]]);
    expect([3, 4, 5].map((entry) => story.roles.get(entry)?.kind)).toEqual([
      'authorization-request',
      'authorization-page',
      'authorization-request',
    ]);
  });
  it.each([
    ['another code challenge', { code_challenge: s256('w') }],
    ['another state', { state: 'state-2' }],
  ])('is another with %s', (_, params) => {
    expect(
      tell(begin().raw('GET', authorize(), {}, DOCUMENT).raw('GET', authorize(params), {}, DOCUMENT)).grants,
    ).toHaveLength(2);
  });
  it('without PKCE is another once its scope or its time differs, though a client’s state is constant', () => {
    const log = (params: Readonly<Record<string, string>>, wait: number): Traffic =>
      begin()
        .raw('GET', authorize({ code_challenge: '' }), {}, DOCUMENT)
        .wait(wait)
        .raw('GET', authorize({ code_challenge: '', ...params }), {}, DOCUMENT);
    expect(tell(log({}, 0)).grants).toHaveLength(1);
    expect(tell(log({ scope: 'w' }, 0)).grants).toHaveLength(2);
    expect(tell(log({}, 3_600_000)).grants).toHaveLength(2);
  });
  it('of the authorization server to an upstream one is not the client’s', () => {
    const log = begin()
      .raw('GET', authorize(), { status: 302 }, DOCUMENT)
      .raw(
        'GET',
        authorize({ redirect_uri: `${ISSUER}/upstream`, state: 'state-2' }, 'https://idp.example.net/authorize'),
        {},
        DOCUMENT,
      );
    expect(tell(log).grants.map(({ issuer }) => issuer)).toEqual([ISSUER]);
    // Nor where the one that it answers was made out of sight.
    const upstream = authorize({ redirect_uri: `${ISSUER}/upstream` }, 'https://idp.example.net/authorize');
    expect(tell(begin().raw('GET', upstream, {}, DOCUMENT)).grants).toEqual([]);
    // Nor where the metadata is not in the log.
    const unknown = traffic().challenge({ scope: 'r' }).prm().raw('GET', authorize(), { status: 302 }, DOCUMENT);
    expect(tell(unknown.raw('GET', upstream, {}, DOCUMENT)).grants.map(({ issuer }) => issuer)).toEqual([ISSUER]);
  });
  it('that was pushed has the pushed parameters (RFC 9126)', () => {
    const push = new URLSearchParams({ ...PARAMS, scope: 'r w' });
    const uri = 'urn:ietf:params:oauth:request_uri:abc';
    const metadata = {
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize`,
      token_endpoint: `${ISSUER}/token`,
      pushed_authorization_request_endpoint: `${ISSUER}/par`,
    };
    const log = traffic()
      .challenge()
      .prm()
      .raw('GET', `${ISSUER}/.well-known/oauth-authorization-server`, { body: JSON.stringify(metadata) })
      .raw(
        'POST',
        `${ISSUER}/par`,
        { status: 201, body: JSON.stringify({ request_uri: uri }) },
        {},
        { 'content-type': 'application/x-www-form-urlencoded' },
        String(push),
      )
      .raw('GET', `${ISSUER}/authorize?${new URLSearchParams({ client_id: 'c', request_uri: uri })}`, {}, DOCUMENT);
    const story = tell(log);
    expect(grantAt(story, 0)).toMatchObject({ requested: ['r', 'w'], clientId: 'c', server: { url: SERVER } });
    expect(grantAt(story, 0).authorization?.request.requestUri).toBe(uri);
    expect(story.roles.get(3)?.kind).toBe('pushed-authorization-request');
  });
});

describe('an authorization response', () => {
  const answer = 'code=code-123&state=state-1';
  it('is one in redirect, landing and reload, and is shown where it landed', () => {
    const landing = `${REDIRECT}?${answer}`;
    const log = begin()
      .raw('GET', authorize(), { status: 302, headers: { location: landing } }, DOCUMENT)
      .raw('GET', landing, {}, DOCUMENT)
      .raw('GET', landing, {}, DOCUMENT);
    const { callback } = grantAt(tell(log), 0);
    expect([callback?.exchange.entry, callback?.part]).toEqual([4, 'request.url']);
  });
  it('is the redirect where the landing was not seen', () => {
    const log = begin().raw(
      'GET',
      authorize(),
      { status: 302, headers: { location: `${REDIRECT}?${answer}` } },
      DOCUMENT,
    );
    expect(grantAt(tell(log), 0).callback).toMatchObject({
      part: 'response.headers.location',
      response: { code: 'code-123' },
    });
  });
  it('may be posted as a form', () => {
    const log = begin()
      .raw('GET', authorize(), {}, DOCUMENT)
      .raw('POST', REDIRECT, {}, DOCUMENT, { 'content-type': 'application/x-www-form-urlencoded' }, answer);
    expect(grantAt(tell(log), 0).callback).toMatchObject({ part: 'request.postData', response: { code: 'code-123' } });
  });
  it.each([
    ['after a redirect', `${REDIRECT}#${answer}`],
    ['beside a query of the redirect URI', `${REDIRECT}?tenant=1#${answer}`],
  ])('may stand in the fragment, %s', (_, landing) => {
    const redirected = begin().raw('GET', authorize(), { status: 302, headers: { location: landing } }, DOCUMENT);
    expect(grantAt(tell(redirected), 0).callback?.response.code).toBe('code-123');
    const landed = begin().raw('GET', authorize(), {}, DOCUMENT).raw('GET', landing, {}, DOCUMENT);
    expect(grantAt(tell(landed), 0).callback?.response.code).toBe('code-123');
  });
  it('is none at a place that no client named', () => {
    const log = begin().raw('GET', authorize(), {}, DOCUMENT).raw('GET', `${PAGE}/elsewhere?${answer}`, {}, DOCUMENT);
    expect(grantAt(tell(log), 0).callback).toBeNull();
  });
  it('that is an error is one too', () => {
    const log = begin().raw(
      'GET',
      authorize(),
      { status: 302, headers: { location: `${REDIRECT}?error=access_denied&state=state-1` } },
      DOCUMENT,
    );
    expect(grantAt(tell(log), 0).callback?.response.error).toBe('access_denied');
  });
});
