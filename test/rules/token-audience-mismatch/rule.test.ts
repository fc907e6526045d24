import { describe, expect, test } from 'vitest';
import { jwt, SERVER, type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, HOUR, RT1 } from '../sessions.ts';

const RULE = 'token-audience-mismatch';
const OTHER = 'https://api.example.net';

function withToken(
  claims: object,
  options: Parameters<typeof discovered>[0] = {},
  resource: string | null = SERVER,
): Traffic {
  return discovered(options)
    .az({ resource })
    .tk({ resource, token: jwt(claims), refresh: RT1 })
    .as('TK')
    .call();
}

describe(RULE, () => {
  test('passes the server, its parent, a list that names it, another spelling', () => {
    for (const aud of [SERVER, 'https://mcp.example.com', [OTHER, SERVER], 'HTTPS://MCP.example.com:443/mcp/']) {
      expectOnly(withToken({ aud }), RULE, 'pass', { at: 'TK', part: 'response.content' });
    }
  });

  test('is a warning when the client had asked for the server', () => {
    for (const revision of ['2025-06-18', '2025-11-25', '2026-07-28', null] as const) {
      const log = withToken({ aud: OTHER }, { revision });
      expectOnly(log, RULE, 'warning', {
        at: 'TK',
        part: 'response.content',
        party: 'authorization-server',
        says: OTHER,
      });
    }
    expectOnly(withToken({ sub: 'u' }), RULE, 'warning', { says: 'to nobody' });
  });

  test('is a note when it had not, or the token claims no profile', () => {
    expectOnly(withToken({ aud: OTHER }, {}, null), RULE, 'note', { at: 'TK' });
    const plain = jwt({ aud: OTHER }).split('.');
    const token = [Buffer.from('{"alg":"RS256"}').toString('base64url'), ...plain.slice(1)].join('.');
    expectOnly(discovered().az().tk({ token }).call(), RULE, 'note');
  });

  test.each(['account', '5a1b9cc6-0000-4000-8000-000000000000', 'api://my-app', ['account', OTHER]])(
    'does not apply to the identifier %s',
    (aud) => {
      expectOnly(withToken({ aud }), RULE, 'notApplicable');
    },
  );

  test('says nothing of a token that is made out to whom the client asked for', () => {
    expect(judged(withToken({ aud: OTHER }, {}, OTHER), RULE)).toEqual([]);
  });

  test('says once what holds for every renewal', () => {
    const log = withToken({ aud: OTHER, jti: '1' })
      .wait(HOUR)
      .rf({ token: jwt({ aud: OTHER, jti: '2' }) })
      .call();
    expectOnly(log, RULE, 'warning', { at: 'TK' });
  });

  test('is open for an opaque token', () => {
    expectOnly(discovered().az().tk().call().as('M'), RULE, 'open', { at: 'M', missing: ['token-claims'] });
  });

  test('says nothing of 2025-03-26, or of a token whose issue was not recorded', () => {
    expect(judged(withToken({ aud: OTHER }, { revision: '2025-03-26' }), RULE)).toEqual([]);
    expect(judged(traffic().call('search', { token: jwt({ aud: OTHER }) }), RULE)).toEqual([]);
  });
});
