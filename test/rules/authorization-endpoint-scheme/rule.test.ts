import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { ASM, get, issuer } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'authorization-endpoint-scheme';
const answering = (endpoint: string) =>
  get(traffic().challenge().prm(), ASM, issuer({ authorization_endpoint: endpoint })).as('ASM');

describe(RULE, () => {
  test('passes https, and http on this machine', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'client' });
    expectOnly(traffic({ issuer: 'http://localhost:4000' }).challenge().prm().asm().reg().az(), RULE, 'pass');
  });

  test.each(['javascript:alert(1)//', 'data:text/html,x', 'file:///etc/passwd', 'vbscript:x', 'not a url'])(
    'is an error of the authorization server for %s, and open for the client',
    (endpoint) => {
      const found = judged(answering(endpoint), RULE);
      expect(found.map((outcome) => `${outcome.party} ${verdictOf(outcome)}`).toSorted()).toEqual([
        'authorization-server error',
        'client open',
      ]);
      expect(found.find(({ kind }) => kind === 'open')?.missing).toEqual(['authorization-request']);
    },
  );

  test('is an error of the client that opens an unencrypted page', () => {
    const log = traffic({ issuer: 'http://as.example.com' }).challenge().prm().asm().reg().az().as('AZ');
    expectOnly(log, RULE, 'error', { at: 'AZ', part: 'request.url', party: 'client', says: 'not encrypted' });
  });

  test('is open when the metadata was not recorded', () => {
    expectOnly(traffic().challenge().prm().az(), RULE, 'open', { missing: ['authorization-server-metadata'] });
  });

  test('says nothing of a safe address that nobody opened', () => {
    expect(judged(answering('https://as.example.com/authorize'), RULE)).toEqual([]);
  });
});
