import { describe, expect, test } from 'vitest';
import { type HarEntry, type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'as-pkce-enforced';
const begun = () => traffic().challenge().prm().asm().reg();

/** Changes what the step of that name sent. */
function edit(log: Traffic, name: string, change: (text: string) => string): Traffic {
  const entry = log.har().log.entries[log.entry(name)] as HarEntry & {
    readonly request: { url: string; postData?: { text: string } };
  };
  entry.request.url = change(entry.request.url);
  if (entry.request.postData) entry.request.postData.text = change(entry.request.postData.text);
  return log;
}

const without = (name: string) => (text: string) =>
  text
    .split('&')
    .filter((pair) => !pair.startsWith(`${name}=`))
    .join('&');
const replaced = (name: string, value: string) => (text: string) =>
  text
    .split('&')
    .map((pair) => (pair.startsWith(`${name}=`) ? `${name}=${value}` : pair))
    .join('&');

const OTHER = 'another-verifier-that-fits-nothing-0123456789012345';

describe(RULE, () => {
  test('passes the verifier of its own challenge', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'authorization-server' });
  });

  test('is an error when a request without a challenge yields a token', () => {
    const log = edit(begun().az().as('AZ').tk().as('TK').call(), 'AZ', without('code_challenge'));
    expectOnly(log, RULE, 'error', {
      at: 'TK',
      part: 'response.status',
      party: 'authorization-server',
      says: 'without code_challenge',
    });
  });

  test('is an error when a verifier that does not fit is taken', () => {
    const log = edit(begun().az().tk().as('TK').call(), 'TK', replaced('code_verifier', OTHER));
    expectOnly(log, RULE, 'error', { at: 'TK', says: 'does not fit' });
  });

  test('is an error when no verifier is asked for', () => {
    expectOnly(edit(begun().az().tk().as('TK').call(), 'TK', without('code_verifier')), RULE, 'error', { at: 'TK' });
  });

  test('passes the refusal of a verifier that does not fit', () => {
    const log = edit(begun().az().tk({ error: 'invalid_grant' }).as('TK'), 'TK', replaced('code_verifier', OTHER));
    expectOnly(log, RULE, 'pass', { says: 'invalid_grant' });
  });

  test('compares a plain challenge as it is', () => {
    const log = begun()
      .az({ extra: { code_challenge_method: 'plain', code_challenge: OTHER } })
      .tk()
      .as('TK')
      .call();
    expectOnly(edit(log, 'TK', replaced('code_verifier', OTHER)), RULE, 'pass');
  });

  test('does not apply to a confidential OpenID Connect client with a nonce', () => {
    const log = begun()
      .az({ extra: { nonce: 'n-0123456789' } })
      .as('AZ')
      .tk()
      .as('TK')
      .call();
    edit(log, 'AZ', without('code_challenge'));
    expectOnly(
      edit(log, 'TK', (text) => (text.startsWith('https:') ? text : `${text}&client_secret=s3cret-0123456789`)),
      RULE,
      'notApplicable',
    );
  });

  test('is open when the request was out of sight, or a secret was taken out', () => {
    expectOnly(begun().tk().call(), RULE, 'open', { missing: ['authorization-request'] });
    const log = edit(begun().az().tk().as('TK').call(), 'TK', replaced('code_verifier', 'REDACTED'));
    expectOnly(log, RULE, 'open', { missing: ['code-verifier'] });
  });

  test('says nothing of an exchange that failed for other reasons', () => {
    expect(judged(begun().az().tk({ error: 'invalid_grant' }), RULE)).toEqual([]);
    expect(judged(begun().az().tk({ status: 503 }), RULE)).toEqual([]);
  });
});
