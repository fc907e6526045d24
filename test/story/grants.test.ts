import { describe, expect, it } from 'vitest';
import { s256 } from '../../src/protocol/pkce.ts';
import { ISSUER, PAGE, REDIRECT, SERVER, type Traffic, traffic } from '../traffic/traffic.ts';
import { grantAt, shapes, tell } from './story.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded', origin: PAGE };

function begin(): Traffic {
  return traffic().challenge({ scope: 'r' }).prm().asm().reg();
}

/** An authorization request alone: no response. */
function ask(log: Traffic, params: Readonly<Record<string, string>>, issuer = ISSUER): Traffic {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'c',
    redirect_uri: REDIRECT,
    resource: SERVER,
    ...params,
  });
  return log.raw(
    'GET',
    `${issuer}/authorize?${query}`,
    { status: 200, body: '<html>', mimeType: 'text/html' },
    { _resourceType: 'document' },
  );
}

function land(log: Traffic, params: Readonly<Record<string, string>>, redirect = REDIRECT): Traffic {
  return log.raw('GET', `${redirect}?${new URLSearchParams(params)}`, {}, { _resourceType: 'document' });
}

function token(
  log: Traffic,
  params: Readonly<Record<string, string>>,
  answer: object | null = {},
  status = 200,
  issuer = ISSUER,
): Traffic {
  const body = answer === null ? '' : JSON.stringify(answer);
  const form = new URLSearchParams({ grant_type: 'authorization_code', client_id: 'c', ...params });
  return log.raw('POST', `${issuer}/token`, { status, body, mimeType: 'application/json' }, {}, FORM, String(form));
}

describe('a grant', () => {
  it('is the request, its response by state, its code exchange and its refreshes', () => {
    const log = begin().az({ scope: 'r' }).tk({ refresh: 'rt-one-0123456789' }).call().expired().rf().call();
    expect(shapes(tell(log))).toEqual([[4, 5, 6, [9]]]);
  });
  it('holds its response by state though another request came between', () => {
    const log = ask(ask(begin(), { state: 'state-a-1', code_challenge: 'challenge-a' }), {
      state: 'state-b-1',
      code_challenge: 'challenge-b',
    });
    land(land(log, { code: 'code-a-123', state: 'state-a-1' }), { code: 'code-b-123', state: 'state-b-1' });
    expect(shapes(tell(log))).toEqual([
      [4, 6, null, []],
      [5, 7, null, []],
    ]);
  });
  it('takes a response without state only while it is the one outstanding', () => {
    const one = land(ask(begin(), { code_challenge: 'challenge-a' }), { code: 'code-a-123', iss: ISSUER });
    expect(shapes(tell(one))).toEqual([[4, 5, null, []]]);
    const two = land(ask(ask(begin(), { code_challenge: 'challenge-a' }), { code_challenge: 'challenge-b' }), {
      code: 'code-a-123',
      iss: ISSUER,
    });
    expect(shapes(tell(two))).toEqual([
      [4, null, null, []],
      [5, null, null, []],
    ]);
  });
  it('is found by the verifier where no response was seen', () => {
    const log = ask(ask(begin(), { state: 'state-a-1', code_challenge: s256('verifier-a') }), {
      state: 'state-b-1',
      code_challenge: s256('verifier-b'),
    });
    token(log, { code: 'code-a-123', code_verifier: 'verifier-a' });
    expect(shapes(tell(log))).toEqual([
      [4, null, 6, []],
      [5, null, null, []],
    ]);
  });
  it('holds a response with the state of none of two requests once its code is redeemed with the verifier of one', () => {
    const both = () =>
      ask(ask(begin(), { state: 'state-a-1', code_challenge: s256('verifier-a') }), {
        state: 'state-b-1',
        code_challenge: s256('verifier-b'),
      });
    const landed = land(both(), { code: 'code-a-123', state: 'state-of-somebody' });
    const claimed = token(landed, { code: 'code-a-123', code_verifier: 'verifier-b' });
    expect(shapes(tell(claimed))).toEqual([
      [4, null, null, []],
      [5, 6, 7, []],
    ]);
    const another = land(both(), { code: 'code-c-123', state: 'state-of-somebody' });
    expect(shapes(tell(token(another, { code: 'code-a-123', code_verifier: 'verifier-b' })))).toEqual([
      [4, null, null, []],
      [5, null, 7, []],
    ]);
    const twice = land(both(), { code: 'code-a-123', state: 'state-of-somebody' });
    land(twice, { code: 'code-a-123', state: 'state-of-another' });
    expect(shapes(tell(token(twice, { code: 'code-a-123', code_verifier: 'verifier-b' })))).toEqual([
      [4, null, null, []],
      [5, null, 8, []],
    ]);
  });
  it('is the unredeemed one where a constant code was delivered twice', () => {
    const log = begin();
    for (const name of ['a', 'b']) {
      land(ask(log, { state: `state-${name}-1` }), { code: 'constant-code', state: `state-${name}-1` });
      token(log, { code: 'constant-code', redirect_uri: REDIRECT });
    }
    expect(shapes(tell(log))).toEqual([
      [4, 5, 6, []],
      [7, 8, 9, []],
    ]);
  });
  it('is the one of the verifier where a constant code was delivered twice before it was redeemed', () => {
    const log = begin();
    for (const name of ['a', 'b'])
      land(ask(log, { state: `state-${name}-1`, code_challenge: s256(`verifier-${name}`) }), {
        code: 'constant-code',
        state: `state-${name}-1`,
      });
    token(token(log, { code: 'constant-code', code_verifier: 'verifier-a' }), {
      code: 'constant-code',
      code_verifier: 'verifier-b',
    });
    expect(shapes(tell(log))).toEqual([
      [4, 5, 8, []],
      [6, 7, 9, []],
    ]);
  });
  it('keeps its code exchange when that is sent again, and takes the one that succeeded', () => {
    const answer = { access_token: 'access-token-1234', token_type: 'Bearer' };
    const log = land(ask(begin(), { state: 'state-a-1' }), { code: 'code-a-123', state: 'state-a-1' });
    token(
      token(token(log, { code: 'code-a-123' }, null, 0), { code: 'code-a-123' }, answer),
      { code: 'code-a-123' },
      { error: 'invalid_grant' },
      400,
    );
    expect(shapes(tell(log))).toEqual([[4, 5, 7, []]]);
  });
  it('without a seen request (popup) stands alone, one for each code', () => {
    const log = token(token(begin(), { code: 'code-a-123', code_verifier: 'verifier-a', resource: SERVER }), {
      code: 'code-b-123',
      code_verifier: 'verifier-b',
      resource: SERVER,
    });
    token(log, { code: 'code-b-123', code_verifier: 'verifier-b', resource: SERVER });
    expect(shapes(tell(log))).toEqual([
      [null, null, 4, []],
      [null, null, 5, []],
    ]);
    expect(grantAt(tell(log), 0).server?.url).toBe(SERVER);
  });
  it('is one for all polls of a device code (RFC 8628)', () => {
    const poll = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'device-code-1',
      resource: SERVER,
    };
    const log = token(token(begin(), poll, { error: 'authorization_pending' }, 400), poll, {
      access_token: 'access-token-1234',
      token_type: 'Bearer',
    });
    expect(shapes(tell(log))).toEqual([[null, null, 5, []]]);
  });
});

describe('a refresh', () => {
  const refresh = (log: Traffic, value: string, answer: object | null = {}): Traffic =>
    token(
      log,
      { grant_type: 'refresh_token', refresh_token: value, client_id: 'client-one-0001', resource: SERVER },
      answer,
    );

  it('with a token that the log issued belongs to its grant, rotated or not', () => {
    const log = begin().az().tk({ refresh: 'rt-one-0123456789' });
    refresh(
      refresh(
        refresh(log, 'rt-one-0123456789', { access_token: 'at-2', refresh_token: 'rt-two-0123456789' }),
        'rt-two-0123456789',
      ),
      'rt-one-0123456789',
    );
    expect(shapes(tell(log))).toEqual([[4, 5, 6, [7, 8, 9]]]);
  });
  it('with a token never issued here is a grant of its own, all its refreshes in one', () => {
    const log = begin().az().tk({ refresh: 'rt-one-0123456789' });
    refresh(refresh(log, 'rt-elsewhere-0123', {}), 'rt-elsewhere-0123', {});
    expect(shapes(tell(log))).toEqual([
      [4, 5, 6, []],
      [null, null, null, [7, 8]],
    ]);
  });
  it('with a token of a response that was not seen belongs to that grant', () => {
    const log = begin().az().raw('GET', `${PAGE}/other`);
    token(log, { code: 'code-1-abcdefghijklmnop', client_id: 'client-one-0001' }, null);
    refresh(log, 'rt-unseen-0123456789');
    expect(shapes(tell(log))).toEqual([[4, 5, 7, [8]]]);
  });
  it('is not that of an authorization which was given up', () => {
    const log = refresh(ask(begin(), { state: 'state-a-1', client_id: 'client-one-0001' }), 'rt-before-0123456789');
    expect(shapes(tell(log))).toEqual([
      [4, null, null, []],
      [null, null, null, [5]],
    ]);
  });
});

describe('placeholders equal nothing', () => {
  it.each(['[REDACTED]', '***', '********************************************', 'undefined', 'null'])(
    'as state and code: %s',
    (value) => {
      const log = begin();
      for (const _ of [1, 2]) ask(log, { state: value, code_challenge: value });
      land(log, { code: value, state: value });
      token(log, { code: value, code_verifier: value, client_id: 'other', resource: SERVER });
      expect(shapes(tell(log))).toEqual([
        [4, null, null, []],
        [5, null, null, []],
        [null, null, 7, []],
      ]);
    },
  );
  it.each(['[REDACTED]', '***'])('as access token: %s', (value) => {
    const log = token(
      begin(),
      { code: 'code-a-123', resource: SERVER },
      { access_token: value, token_type: 'Bearer' },
    ).call('search', { token: value });
    expect(tell(log).tokens).toEqual([]);
  });
});

describe('nothing blurs', () => {
  it('two clients of one issuer with the same code', () => {
    const log = begin();
    for (const client_id of ['client-a', 'client-b'])
      land(ask(log, { client_id, state: `state-${client_id}` }), {
        code: 'constant-code',
        state: `state-${client_id}`,
      });
    token(token(log, { code: 'constant-code', client_id: 'client-a' }), {
      code: 'constant-code',
      client_id: 'client-b',
    });
    expect(tell(log).grants.map(({ clientId, token: by }) => [clientId, by?.exchange.entry])).toEqual([
      ['client-a', 8],
      ['client-b', 9],
    ]);
  });
  it('two issuers with the same code', () => {
    const other = 'https://as-two.example.com';
    const log = begin().asm({ issuer: other });
    for (const issuer of [ISSUER, other])
      land(ask(log, { state: `state-${issuer}` }, issuer), { code: 'constant-code', state: `state-${issuer}` });
    token(token(log, { code: 'constant-code' }, {}, 200, other), { code: 'constant-code' });
    expect(tell(log).grants.map(({ issuer, token: by }) => [issuer, by?.exchange.entry])).toEqual([
      [ISSUER, 10],
      [other, 9],
    ]);
  });
  it('two servers at one authorization server', () => {
    const second = 'https://mcp.example.com/second';
    const log = begin().challenge({ server: second }).prm({ server: second });
    log
      .az({ scope: 'r' })
      .tk({ scope: 'r' })
      .az({ scope: 'w', resource: second })
      .tk({ scope: 'w', resource: second })
      .call('search', { server: second });
    const story = tell(log);
    expect(story.grants.map(({ server, chain }) => [server?.url, chain])).toEqual([
      [SERVER, 'c1'],
      [second, 'c2'],
    ]);
  });
});
