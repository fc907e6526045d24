import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'authorize-fetched-or-cors';

describe(RULE, () => {
  test('passes a navigation without CORS', () => {
    expectOnly(signIn(), RULE, 'pass', { at: 'AZ', part: 'response.status' });
  });

  test.each(['*', 'https://app.example.org'])('is an error of the authorization server that allows %s', (origin) => {
    const log = signIn({ az: { headers: { 'access-control-allow-origin': origin } } });
    expectOnly(log, RULE, 'error', {
      at: 'AZ',
      part: 'response.headers.access-control-allow-origin',
      quoted: origin,
      party: 'authorization-server',
    });
  });

  test.each(['fetch', 'xhr'])('is a note about the client that sent it by %s', (resourceType) => {
    expectOnly(signIn({ az: { resourceType } }), RULE, 'note', {
      at: 'AZ',
      part: 'request.url',
      party: 'client',
      says: resourceType,
    });
  });

  test('tells both apart', () => {
    const log = signIn({ az: { resourceType: 'fetch', headers: { 'access-control-allow-origin': '*' } } });
    expect(
      judged(log, RULE)
        .map(({ party, level }) => `${party} ${level}`)
        .toSorted(),
    ).toEqual(['authorization-server error', 'client note']);
  });

  test('is open when the answer has no headers, and says nothing of a request that was not seen', () => {
    const log = signIn();
    const document = log.har();
    const at = log.entry('AZ');
    const entry = document.log.entries[at];
    if (entry)
      (document.log.entries as (typeof entry)[])[at] = { ...entry, response: { ...entry.response, headers: [] } };
    expectOnly(log, RULE, 'open', { at: 'AZ', missing: ['response-headers'] });
    expect(judged(signIn(UNSEEN), RULE)).toEqual([]);
  });
});
