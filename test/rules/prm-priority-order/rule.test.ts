import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { bare401, get, missing, naming401, PRM, ROOT_PRM, resource } from '../metadata.ts';
import { HOUR, signedIn } from '../sessions.ts';

const RULE = 'prm-priority-order';
const NAMED = 'https://mcp.example.com/custom/metadata.json';
const served = (log = naming401(traffic(), NAMED)) => get(log, NAMED, resource());

describe(RULE, () => {
  test('passes the URL of the challenge, wherever it is', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'client' });
    expectOnly(served().asm().reg().az().tk(), RULE, 'pass');
  });

  test('is an error when a well-known URL comes first', () => {
    const log = missing(naming401(traffic(), NAMED), PRM).as('guess');
    const detail = { at: 'guess', part: 'request.url', party: 'client', says: NAMED } as const;
    expectOnly(served(log).asm().reg(), RULE, 'error', detail);
  });

  test('is an error when a well-known URL is used in its place', () => {
    const log = get(naming401(traffic(), NAMED), PRM, resource()).as('guess').asm().reg().az().tk();
    expectOnly(log, RULE, 'error', { at: 'guess' });
  });

  test('is a note in 2025-06-18, where only the diagram shows it', () => {
    const log = get(naming401(traffic({ revision: '2025-06-18' }), NAMED), PRM, resource())
      .asm()
      .reg()
      .az()
      .tk()
      .call();
    expectOnly(log, RULE, 'note', { says: '2025-11-25' });
  });

  test('does not apply where the page could not read the challenge', () => {
    const hidden = { headers: { 'access-control-expose-headers': 'Mcp-Session-Id' } };
    expectOnly(get(naming401(traffic(), NAMED, hidden), PRM, resource()), RULE, 'notApplicable');
  });

  test('is undecided where the header fields that would tell whether the page could read it were left out', () => {
    const untold = (gone: string, exposed: string) => {
      const log = naming401(traffic(), NAMED, { headers: { 'access-control-expose-headers': exposed } });
      return get(log.leftOut(gone), PRM, resource());
    };
    expectOnly(untold('origin', 'WWW-Authenticate'), RULE, 'open', { missing: ['challenge-as-received'] });
    // Cookies would have barred what all may read.
    expectOnly(untold('cookie', '*'), RULE, 'open', { missing: ['challenge-as-received'] });
  });

  test('says nothing of a search before the 401', () => {
    expect(judged(served(naming401(missing(traffic(), ROOT_PRM), NAMED)), RULE).map(({ kind }) => kind)).toEqual([
      'pass',
    ]);
  });

  test('says nothing of what a page searches anew once the sign-in has begun', () => {
    const log = get(served().asm().reg().az(), PRM, resource()).tk().call();
    expectOnly(log, RULE, 'pass');
  });

  test('knows a URL that an earlier challenge named', () => {
    const log = naming401(signedIn().wait(HOUR), NAMED);
    expect(judged(get(log, PRM, resource()), RULE).map(({ kind }) => kind)).toEqual(['pass', 'pass']);
  });

  test('leaves a shared place to the other server of the origin', () => {
    const other = 'https://mcp.example.com/other';
    const log = get(bare401(naming401(traffic(), NAMED), other), ROOT_PRM, resource({ resource: other }));
    expect(judged(log, RULE).filter(({ kind }) => kind === 'fail')).toEqual([]);
  });

  test('is open when a sign-in follows without a fetch', () => {
    expectOnly(traffic().challenge().reg().az(), RULE, 'open', { missing: ['protected-resource-metadata'] });
  });
});
