import { describe, test } from 'vitest';
import { jwt } from '../../traffic/traffic.ts';
import { expectOnly } from '../judged.ts';
import { granted } from '../sessions.ts';

const RULE = '403-despite-granted-scope';
const culprit = { at: 'REFUSED', part: 'response.headers.www-authenticate', quoted: 'w', party: 'server' } as const;

describe(RULE, () => {
  test('passes when the token lacks the scope', () => {
    expectOnly(granted('r').forbidden('w'), RULE, 'pass', { says: 'lacks w' });
  });

  test.each([
    ['2025-06-18', 'note'],
    ['2025-11-25', 'warning'],
    ['2026-07-28', 'warning'],
    [null, 'warning'],
  ] as const)('in %s is a %s when the token response names the scope', (revision, level) => {
    expectOnly(granted('r w', { revision }).forbidden('w').as('REFUSED'), RULE, level, {
      ...culprit,
      says: 'which the token holds',
    });
  });

  test('believes the claim of the token', () => {
    const token = jwt({ iss: 'https://as.example.com', scope: 'r w' });
    expectOnly(granted('r').forbidden('w', 'write', { token }).as('REFUSED'), RULE, 'warning', culprit);
  });

  test('is open when a broader scope may cover it, or nobody says what was granted', () => {
    expectOnly(granted('files').forbidden('files:read'), RULE, 'open', { missing: ['scope-hierarchy'] });
    expectOnly(granted('r w', {}, null).forbidden('w'), RULE, 'open', { missing: ['token-scope'] });
    const foreign = granted('r').forbidden('w', 'write', { token: 'foreign-token-0123456789' });
    expectOnly(foreign, RULE, 'open', { missing: ['token-response'] });
  });
});
