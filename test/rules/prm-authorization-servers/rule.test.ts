import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { agreeOnOldest, get, missing, PRM, resource } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'prm-authorization-servers';
const challenged = () => traffic().challenge();

describe(RULE, () => {
  test('passes metadata that names an issuer', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'server' });
  });

  test.each([
    ['absent', undefined, 'no authorization_servers'],
    ['empty', [], 'without any issuer'],
    ['a string', 'https://as.example.com', 'no array'],
    ['an array of no strings', [7], 'without any issuer'],
  ])('is an error when the member is %s', (_, value, says) => {
    const log = get(challenged(), PRM, resource({ authorization_servers: value })).as('PRM');
    expectOnly(log, RULE, 'error', { at: 'PRM', part: 'response.content', party: 'server', says });
  });

  test('points at the empty list', () => {
    expectOnly(get(challenged(), PRM, resource({ authorization_servers: [] })), RULE, 'error', { quoted: '[]' });
  });

  test('is open when the metadata was not recorded', () => {
    expectOnly(challenged(), RULE, 'open', { missing: ['protected-resource-metadata'] });
  });

  test('says nothing when there is no metadata', () => {
    expect(judged(missing(challenged(), PRM), RULE)).toEqual([]);
  });

  test('does not apply to 2025-03-26', () => {
    const log = get(
      agreeOnOldest(traffic({ revision: '2025-03-26' })).challenge(),
      PRM,
      resource({ authorization_servers: [] }),
    );
    expectOnly(log, RULE, 'notApplicable');
  });
});
