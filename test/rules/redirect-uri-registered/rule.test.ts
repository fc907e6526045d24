import { describe, expect, test } from 'vitest';
import { REDIRECT } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { authorize, CLIENT, DOCUMENT, discovered, document, register, TAKES_DOCUMENTS } from '../registrations.ts';

const RULE = 'redirect-uri-registered';
const OTHER = 'https://app.example.org/other';
const local = (port: number) => `http://127.0.0.1:${port}/cb`;

describe(RULE, () => {
  test('passes a registered one, and a loopback one at another port', () => {
    expectOnly(authorize(register(discovered())), RULE, 'pass');
    const request = { redirect_uris: [local(3000)], application_type: 'native' };
    expectOnly(authorize(register(discovered(), { request }), { redirect: local(4711) }), RULE, 'pass');
  });

  test('is an error when it is not registered', () => {
    const log = authorize(register(discovered()).as('REG'), { redirect: OTHER, answer: 400 }).as('AZ');
    expectOnly(log, RULE, 'error', {
      at: 'AZ',
      part: 'request.url',
      quoted: encodeURIComponent(OTHER),
      party: 'client',
      says: REDIRECT,
    });
    expect(judged(log, RULE)[0]?.evidence[1]).toMatchObject({ entry: log.entry('REG'), part: 'response.content' });
  });

  test('what the answer says counts; without it, what was asked for', () => {
    const answer = { client_id: CLIENT, redirect_uris: [OTHER] };
    expectOnly(authorize(register(discovered(), { answer })), RULE, 'error');
    expectOnly(authorize(register(discovered(), { answer: { client_id: CLIENT } })), RULE, 'pass');
  });

  test('is a warning when only the spelling differs', () => {
    const request = { redirect_uris: ['HTTPS://app.example.org/callback'] };
    expectOnly(authorize(register(discovered(), { request })), RULE, 'warning', { says: 'spelling' });
  });

  test('compares with the client ID metadata document', () => {
    const log = discovered(TAKES_DOCUMENTS);
    expectOnly(authorize(document(log), { clientId: DOCUMENT, redirect: OTHER }), RULE, 'error');
  });

  test('is a warning in 2025-03-26 where it was refused (law 1)', () => {
    const log = register(discovered({}, { revision: '2025-03-26' }));
    log.call('initialize', initialized('2025-03-26'));
    expectOnly(authorize(log, { redirect: OTHER, answer: 400 }), RULE, 'warning', { says: 'from 2025-06-18' });
  });

  test('passes where one of several registrations under one id lists it', () => {
    const twice = register(register(discovered(), { request: { redirect_uris: [OTHER] } }));
    expectOnly(authorize(twice, { redirect: OTHER }), RULE, 'pass');
  });

  test('is open without the registration', () => {
    expectOnly(authorize(discovered()), RULE, 'open', { missing: ['client-registration'] });
  });
});

function initialized(protocolVersion: string) {
  return { token: null, body: JSON.stringify({ jsonrpc: '2.0', id: 1, result: { protocolVersion, serverInfo: {} } }) };
}
