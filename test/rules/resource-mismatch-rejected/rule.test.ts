import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { get, PRM, ROOT_PRM, resource } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'resource-mismatch-rejected';
const FOREIGN = 'https://evil.example.net/mcp';
const misled = (value = FOREIGN) => get(traffic().challenge(), PRM, resource({ resource: value })).asm();

describe(RULE, () => {
  test('passes a sign-in by metadata about this server', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'client' });
  });

  test('passes a parent path, as every SDK does', () => {
    expectOnly(misled('https://mcp.example.com').reg().az().tk(), RULE, 'pass');
  });

  test('is an error when the client registers all the same', () => {
    expectOnly(misled().reg().as('REG'), RULE, 'error', { at: 'REG', party: 'client', says: FOREIGN });
  });

  test('is an error when the client sends the user to sign in, whatever resource it asks for', () => {
    expectOnly(misled().az().as('AZ'), RULE, 'error', { at: 'AZ' });
    expectOnly(misled().az({ resource: FOREIGN }).as('AZ'), RULE, 'error', { at: 'AZ' });
  });

  test('compares paths by segments', () => {
    expectOnly(misled('https://mcp.example.com/m').az().as('AZ'), RULE, 'error', { at: 'AZ' });
  });

  test('is open when no sign-in follows', () => {
    expectOnly(misled(), RULE, 'open', { missing: ['authorization-request'] });
  });

  test('does not apply when other metadata of the server names the same authorization server', () => {
    const log = get(get(traffic().challenge(), PRM, resource({ resource: FOREIGN })), ROOT_PRM, resource())
      .asm()
      .reg()
      .az();
    expect(
      judged(log, RULE)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['notApplicable', 'pass']);
  });

  test('says nothing of a sign-in elsewhere', () => {
    const log = get(
      traffic().challenge(),
      PRM,
      resource({ resource: FOREIGN, authorization_servers: ['https://other.example.net'] }),
    );
    expect(judged(log.az(), RULE).map(({ kind }) => kind)).toEqual(['open']);
  });
});
