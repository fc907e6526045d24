import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';

const RULE = 'www-authenticate-well-formed';
const refused = (challenge: string) => traffic().call('search', { status: 401, token: null, challenge }).as('REFUSED');
const culprit = { at: 'REFUSED', part: 'response.headers.www-authenticate', party: 'server' } as const;

describe(RULE, () => {
  test.each([
    'Bearer resource_metadata="https://mcp.example.com/meta", scope="a b"',
    'bearer SCOPE="a"',
    'Basic realm="x", Bearer error="invalid_token", scope="a b"',
    'DPoP algs="ES256", Bearer',
    'Bearer scope="a,b"',
  ])('passes %s', (challenge) => {
    expectOnly(refused(challenge), RULE, 'pass');
  });

  test.each([
    ['Bearer scope=mcp read', 'r', 'missing comma'],
    ['Bearer error="invalid_token", error="invalid_token"', 'e', 'more than once'],
    ['Bearer resource_metadata=https://mcp.example.com/meta', 'h', 'must be quoted'],
    ['Bearer scope="r', '"', 'unterminated'],
    ['Bearer resource_metadata="/meta"', '/meta', 'not an absolute URL'],
    ['Bearer error="ungültig"', 'ungültig', 'not allowed'],
    ['Bearer scope="a\\"b"', 'a\\"b', 'not allowed'],
  ])('is a warning for %s', (challenge, quoted, says) => {
    expectOnly(refused(challenge), RULE, 'warning', { ...culprit, quoted, says });
  });

  test('is a warning for scopes with commas only where the metadata knows the parts', () => {
    const log = refused('Bearer scope="r,w"').prm({ scopes: ['r', 'w'] });
    expectOnly(log, RULE, 'warning', { ...culprit, quoted: 'r,w', says: 'commas' });
  });

  test('is a warning for another scheme where the server takes part in OAuth, else not applicable', () => {
    expectOnly(refused('Basic realm="x"').prm(), RULE, 'warning', { ...culprit, says: 'no Bearer or DPoP' });
    expectOnly(refused('Basic realm="x"'), RULE, 'notApplicable');
  });

  test('is open when the headers were not recorded, and silent without a challenge', () => {
    const log = traffic().call('search', { status: 401, token: null }).withoutResponseHeaders();
    expectOnly(log, RULE, 'open', { missing: ['response-headers'] });
    expect(judged(traffic().call('search', { status: 401, token: null }), RULE)).toEqual([]);
  });
});
