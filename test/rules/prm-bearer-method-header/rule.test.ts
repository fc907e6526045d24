import { describe, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly } from '../judged.ts';
import { get, PRM, resource } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'prm-bearer-method-header';
const served = (methods: readonly string[]) =>
  get(traffic().challenge(), PRM, resource({ bearer_methods_supported: methods })).as('PRM');

describe(RULE, () => {
  test('passes metadata that lists header, or nothing', () => {
    expectOnly(served(['body', 'header']), RULE, 'pass');
    expectOnly(signedIn(), RULE, 'pass');
  });

  test('is a warning when header is not listed', () => {
    expectOnly(served(['body', 'query']), RULE, 'warning', {
      at: 'PRM',
      party: 'server',
      quoted: '["body","query"]',
      says: 'body query',
    });
  });

  test('is a note when no method is listed: the server may take DPoP only', () => {
    expectOnly(served([]), RULE, 'note', { at: 'PRM', quoted: '[]' });
  });

  test('is open when the metadata was not recorded', () => {
    expectOnly(traffic().challenge(), RULE, 'open', { missing: ['protected-resource-metadata'] });
  });
});
