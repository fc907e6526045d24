import { describe, expect, it } from 'vitest';
import { PAGE, type Traffic, traffic } from '../traffic/traffic.ts';
import { tell } from './story.ts';

function signedIn(): Traffic {
  return traffic().challenge().prm().asm().reg().az({ scope: 'r' }).tk({ scope: 'r', refresh: 'rt-one-0123456789' });
}

/** `how entries` of each recovery. */
function recoveries(log: Traffic): readonly string[] {
  return tell(log).recoveries.map(({ how, entries }) => [how, ...entries].join(' '));
}

describe('what followed a refusal', () => {
  it.each([
    ['a refresh and a retry', (log: Traffic) => log.expired().rf().call(), 'silent-refresh 7 8 9'],
    [
      'another token, the refresh unseen',
      (log: Traffic) => log.expired().call('search', { token: 'new-token-0123456789' }),
      'silent-refresh 7 8',
    ],
    ['a sign-in', (log: Traffic) => log.expired().az().tk().call(), 'sign-in 7 8 9 10 11'],
    [
      'a failed refresh, then a sign-in',
      (log: Traffic) => log.expired().rf({ error: 'invalid_grant' }).az().tk(),
      'sign-in 7 9 10 11',
    ],
    [
      'a lost refresh, then a sign-in',
      (log: Traffic) => log.expired().rf({ status: 0 }).az().tk(),
      'sign-in 7 9 10 11',
    ],
    ['a step-up', (log: Traffic) => log.forbidden('w').az({ scope: 'r w' }).tk().call('write'), 'step-up 7 8 9 10 11'],
    ['nothing for long', (log: Traffic) => log.expired().wait(40_000).call('other'), 'none 7'],
    ['the end of the log', (log: Traffic) => log.expired(), 'unknown 7'],
    ['a retry without any answer', (log: Traffic) => log.expired().call('search', { status: 0 }), 'unknown 7'],
  ])('%s', (_, act, expected) => {
    expect(recoveries(act(signedIn()))).toEqual([expected]);
  });
  it('the model being told first', () => {
    const log = signedIn().ask('search', 'call-1').expired().tell('call-1', 'Unauthorized').rf();
    expect(recoveries(log)).toEqual(['surfaced 8 9']);
  });
  it('takes the time from the refusal to the answer of the retry', () => {
    expect(tell(signedIn().expired().rf().call()).recoveries[0]?.ms).toBe(240);
  });
  it('is not told of a refusal to a call without a credential, nor of a 403 for another reason', () => {
    expect(recoveries(traffic().challenge())).toEqual([]);
    expect(recoveries(signedIn().call('search', { status: 403, challenge: 'Bearer error="access_denied"' }))).toEqual(
      [],
    );
  });
  it('by a program’s own new token is silent', () => {
    const form = 'grant_type=client_credentials&client_id=robot&resource=https%3A%2F%2Fmcp.example.com%2Fmcp';
    const get = (log: Traffic, token: string): Traffic =>
      log.raw(
        'POST',
        'https://as.example.com/token',
        { body: JSON.stringify({ access_token: token, token_type: 'Bearer' }) },
        {},
        { 'content-type': 'application/x-www-form-urlencoded', origin: PAGE },
        form,
      );
    const log = get(traffic().challenge().prm().asm(), 'robot-token-1-012345').expired('search', {
      token: 'robot-token-1-012345',
    });
    expect(recoveries(get(log, 'robot-token-2-012345').call('search', { token: 'robot-token-2-012345' }))).toEqual([
      'silent-refresh 4 5 6',
    ]);
  });
});
