import { describe, expect, test } from 'vitest';
import { PAGE } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'sep-2468-error-response-iss';
const TEXT = 'Call +1 555 0100 or visit https-evil-example-com-help now';
const FOREIGN = {
  az: { error: 'server_error', answer: { iss: 'https://evil.example.com', error_description: TEXT } },
  tk: null,
} as const;
const JSON_TYPE = { 'content-type': 'application/json' } as const;

describe(RULE, () => {
  test('passes when the error comes from the issuer', () => {
    expectOnly(signIn({ az: { error: 'access_denied' }, tk: null }), RULE, 'pass', { at: 'landing' });
  });

  test('is an error of the client that passed a foreign text on', () => {
    const log = signIn(FOREIGN)
      .raw('POST', `${PAGE}/api/errors`, {}, {}, JSON_TYPE, JSON.stringify({ message: TEXT }))
      .as('report');
    expectOnly(log, RULE, 'error', {
      at: 'landing',
      part: 'request.url',
      quoted: 'https%3A%2F%2Fevil.example.com',
      party: 'client',
      says: 'passed its text on',
    });
    expect(judged(log, RULE)[0]?.evidence.at(-1)).toMatchObject({
      entry: log.entry('report'),
      part: 'request.postData',
    });
  });

  test.each(['2025-11-25', null] as const)('is a note when the revision is %s', (revision) => {
    const log = signIn({ ...FOREIGN, revision }).raw(
      'POST',
      `${PAGE}/api/errors`,
      {},
      {},
      JSON_TYPE,
      JSON.stringify({ message: TEXT }),
    );
    expectOnly(log, RULE, 'note', { says: 'guidance from 2026-07-28' });
  });

  test('takes neither a new attempt nor half of the text for it', () => {
    const log = signIn(FOREIGN).raw(
      'POST',
      `${PAGE}/api/errors`,
      {},
      {},
      JSON_TYPE,
      '{"message":"https-evil-example-com-help"}',
    );
    expectOnly(log, RULE, 'open', { at: 'landing', missing: ['what-the-client-showed'] });
  });

  test('is open without the metadata or the response; says nothing of a code', () => {
    expectOnly(signIn({ ...FOREIGN, members: null }), RULE, 'open', {
      at: 'landing',
      missing: ['authorization-server-metadata'],
    });
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-response'] });
    expect(judged(signIn(), RULE)).toEqual([]);
  });
});
