import { describe, expect, test } from 'vitest';
import { ISSUER, jwt, SERVER, type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { granted, renewed } from '../sessions.ts';

const RULE = 'sep-2350-scope-union-on-reauth';
const DROPPED = { at: 'AZ', part: 'request.url', quoted: 'w', party: 'client' } as const;

describe(RULE, () => {
  test('passes the union, with or without more', () => {
    expectOnly(renewed(granted('r').forbidden('w'), 'r w'), RULE, 'pass', { at: 'AZ', quoted: 'r+w' });
    expectOnly(renewed(granted('r').forbidden('w'), 'p w r'), RULE, 'pass');
  });

  test('is a warning in 2026-07-28, and names the union as the fix', () => {
    const log = renewed(granted('r').forbidden('w').as('403'), 'w');
    expectOnly(log, RULE, 'warning', { ...DROPPED, says: 'r, requested and granted before, was left out' });
    const [outcome] = judged(log, RULE);
    expect(outcome).toMatchObject({ subject: SERVER, fix: expect.stringContaining('Request r w:') });
    expect(outcome?.evidence[1]).toMatchObject({ entry: log.entry('403'), part: 'response.headers.www-authenticate' });
  });

  test.each(['2025-11-25', null] as const)(
    'is a note when the revision is %s, a warning once the scope is missed',
    (revision) => {
      const log = renewed(granted('r', { revision }).forbidden('w'), 'w');
      expectOnly(log, RULE, 'note', { ...DROPPED, says: '2026-07-28' });
      expectOnly(log.call('write').forbidden('r', 'read').as('missed'), RULE, 'warning', {
        ...DROPPED,
        says: 'refused for want of r',
      });
      expect(judged(log, RULE)[0]?.evidence.at(-1)?.entry).toBe(log.entry('missed'));
    },
  );

  test.each(['2025-03-26', '2025-06-18'] as const)('does not apply in %s: it has no scope challenges', (revision) => {
    expectOnly(renewed(granted('r', { revision }).forbidden('w'), 'w'), RULE, 'notApplicable');
  });

  test('is a note when the authorization server accumulates, or a broader scope covers it', () => {
    expectOnly(renewed(granted('r').forbidden('w'), 'w', 'r w'), RULE, 'note', {
      ...DROPPED,
      says: 'adds earlier grants',
    });
    expectOnly(renewed(granted('files:read').forbidden('files'), 'files'), RULE, 'note', { says: 'broader scope' });
  });

  test('is a note when the authorization server renames scopes, a warning once one is missed', () => {
    const log = renewed(granted('r', {}, 'api.r').forbidden('w'), 'w', 'api.w');
    expectOnly(log, RULE, 'note', { says: 'otherwise than the client' });
    expectOnly(log.forbidden('r', 'read'), RULE, 'warning');
  });

  test('asks of a tab nothing that only another tab was granted, unless the two use one token', () => {
    const both = (shared: boolean): Traffic => {
      const log = granted('r').onPage('one').forbidden('w').onPage('two').forbidden('x', 'other');
      log.onPage('one').az({ scope: 'r w' }).tk({ scope: 'r w' }).call('write');
      if (shared) log.onPage('two').call('search');
      return log.onPage('two').az({ scope: 'r x' }).as('AZ').tk({ scope: 'r x' }).call('other');
    };
    expect(judged(both(false), RULE).map(verdictOf)).toEqual(['pass', 'pass']);
    expect(judged(both(true), RULE).map(verdictOf)).toEqual(['pass', 'warning']);
  });

  test('is a warning also after the user denied a request for all: the token that is given up had the rest', () => {
    const denied = granted('r w').forbidden('x').az({ scope: 'r w x', error: 'access_denied' });
    expect(judged(renewed(denied, 'r x'), RULE).map(verdictOf)).toEqual(['pass', 'warning']);
  });

  test('takes for one a scope and its long form, by which Entra lets a token and its request name it', () => {
    const read = jwt({ iss: ISSUER, aud: 'api://app', scp: 'read', exp: 1_900_000_000 });
    const cached = () =>
      traffic()
        .call('tools/list', { token: read })
        .forbidden('api://app/write', 'write', { token: read })
        .prm({ scopes: ['api://app/read'] })
        .asm({ scopes: ['openid'] });
    expectOnly(renewed(cached(), 'api://app/read api://app/write'), RULE, 'pass');
    expectOnly(renewed(cached(), 'api://app/write'), RULE, 'warning', { says: 'read, granted before' });
    const lost = granted('api://app/read', {}, null).call('search', { token: read });
    expectOnly(renewed(lost.forbidden('w', 'write', { token: read }), 'api://app/read w'), RULE, 'pass');
  });

  test('where the token response was lost, asks for nothing that the token is seen to lack', () => {
    const token = { token: 'opaque-token-of-a-lost-answer' };
    const lost = () =>
      traffic()
        .challenge({ scope: 'r' })
        .prm()
        .asm({ scopes: ['r', 'w', 'x'] })
        .reg()
        .az({ scope: 'r w' })
        .tk(token)
        .withoutBody();
    const narrowed = lost().call('search', token).forbidden('w', 'write', token).forbidden('x', 'other', token);
    expectOnly(renewed(narrowed, 'r x'), RULE, 'pass');
    expectOnly(renewed(lost().call('search', token).forbidden('x', 'other', token), 'r x'), RULE, 'warning', {
      says: 'w, requested before, was left out',
    });
  });

  test('identity scopes and offline_access need not survive', () => {
    expectOnly(renewed(granted('openid r').forbidden('w'), 'r w'), RULE, 'pass');
  });

  test('is open when the base, the request or the answer is not in the log', () => {
    const popup = granted('r').forbidden('w').tk({ scope: 'w' });
    expectOnly(popup, RULE, 'open', { missing: ['authorization-request'], says: 'r is missing from the new token' });
    expectOnly(renewed(granted('r').forbidden('w'), null, null), RULE, 'open', {
      at: 'AZ',
      missing: ['token-response'],
    });
    const token = 'opaque-token-from-before';
    const late = renewed(granted('r').forbidden('w', 'write', { token, server: 'https://two.example.com/mcp' }), 'w');
    expect(judged(late, RULE)).toEqual([]);
  });

  test('without a scope the answer decides', () => {
    expectOnly(renewed(granted('r').forbidden('w'), null, 'r w'), RULE, 'pass');
  });

  test('says nothing of an authorization that no challenge caused', () => {
    expect(judged(renewed(granted('r'), 'w'), RULE)).toEqual([]);
    expect(judged(renewed(granted('r').forbidden('w').wait(130_000), 'w'), RULE)).toEqual([]);
  });
});
