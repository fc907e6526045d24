import { describe, expect, it } from 'vitest';
import { usableRefreshToken } from '../../src/story/refresh-token-held.ts';
import { DEAD, HOUR, RT1, signedIn } from '../rules/sessions.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { tell } from './story.ts';

const RT2 = 'refresh-token-two-0002';

function held(log: Traffic): readonly (string | null)[] {
  const { chains, end } = tell(log);
  const { state, value } = usableRefreshToken(chains[0]?.grants ?? [], end);
  return [state, value];
}

describe('the refresh token in the client’s hand', () => {
  it('is the last that came, and stays when a refresh brings no new one', () => {
    expect(held(signedIn())).toEqual(['yes', RT1]);
    expect(held(signedIn().rf({ refresh: RT2 }))).toEqual(['yes', RT2]);
    expect(held(signedIn().rf({ refresh: null }))).toEqual(['yes', RT1]);
  });

  it('is lost when it is refused, and not when one before it is', () => {
    expect(held(signedIn().rf(DEAD))).toEqual(['no', null]);
    expect(
      held(
        signedIn()
          .rf({ refresh: RT2 })
          .wait(HOUR)
          .rf({ ...DEAD, send: RT1 }),
      ),
    ).toEqual(['yes', RT2]);
    expect(held(signedIn().rf({ status: 503 }))).toEqual(['yes', RT1]);
  });

  it('is unknown when the last answer was not recorded', () => {
    expect(held(signedIn().rf().cutAnswer())).toEqual(['unknown', null]);
  });
});
