import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { ASM, get, issuer, missing, OPENID } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'pkce-refuse-when-unadvertised';
const SILENT = issuer({ code_challenge_methods_supported: undefined });
const silent = (revision: '2025-06-18' | '2025-11-25' | '2026-07-28' = '2026-07-28') =>
  get(traffic({ revision }).challenge().prm(), ASM, SILENT);

describe(RULE, () => {
  test('passes a sign-in where PKCE is offered', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'client' });
  });

  test.each(['2025-11-25', '2026-07-28'] as const)(
    'is an error in %s when the client signs in all the same',
    (revision) => {
      const log = silent(revision).reg().az().as('AZ').tk().call();
      expectOnly(log, RULE, 'error', { at: 'AZ', part: 'request.url', party: 'client', says: 'does not offer PKCE' });
    },
  );

  test('is an error when only the code exchange was seen', () => {
    expectOnly(silent().reg().tk().as('TK').call(), RULE, 'error', { at: 'TK' });
  });

  test('is a note before 2025-11-25', () => {
    expectOnly(silent('2025-06-18').reg().az().tk().call(), RULE, 'note', { says: '2025-11-25' });
  });

  test('passes when another document of the issuer offers it', () => {
    expectOnly(get(silent(), OPENID, issuer()).reg().az(), RULE, 'pass');
  });

  test('judges every sign-in', () => {
    const log = silent().reg().az().tk().call().wait(200_000).az().tk().call();
    expect(judged(log, RULE).map(verdictOf)).toEqual(['error', 'error']);
  });

  test('is open when the metadata was not recorded', () => {
    expectOnly(traffic().challenge().prm().az().as('AZ'), RULE, 'open', {
      at: 'AZ',
      missing: ['authorization-server-metadata'],
    });
    const lost = silent().raw('GET', OPENID, { body: '' });
    Object.assign(lost.har().log.entries[lost.last]?.response ?? {}, {
      content: { size: 900, mimeType: 'application/json' },
    });
    expectOnly(lost.reg().az(), RULE, 'open', { missing: ['authorization-server-metadata'] });
  });

  test('says nothing where there is no metadata, and nothing of other grants', () => {
    expect(judged(missing(missing(traffic().challenge().prm(), ASM), OPENID).az(), RULE)).toEqual([]);
    expect(judged(silent(), RULE)).toEqual([]);
  });
});
