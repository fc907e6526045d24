import { describe, expect, test } from 'vitest';
import { type CallOptions, type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { EVERY_REVISION } from '../sessions.ts';

const RULE = 'session-as-authentication';
const REFUSED = { token: null, status: 401, challenge: 'Bearer' } as const;
const SESSION = { 'mcp-session-id': 'session-0001' };
const TOKEN = 'access-token-from-before-0123';

/** Refused at the door, then let in with a token, then a call with the session alone. */
function session(options: CallOptions, log: Traffic = traffic()): Traffic {
  log.call('tools/list', REFUSED).as('REFUSED').call('tools/list', { token: TOKEN, requestHeaders: SESSION });
  return log
    .call('tools/list', { token: null, ...options, requestHeaders: { ...SESSION, ...options.requestHeaders } })
    .as('M');
}

describe(RULE, () => {
  test('passes a server that asks for the token', () => {
    expectOnly(session({ status: 401, challenge: 'Bearer' }), RULE, 'pass', { at: 'M' });
  });

  test.each(EVERY_REVISION)('is an error to take the session for one in %s', (revision) => {
    const log = session({}, traffic({ revision }));
    const part = 'request.headers.mcp-session-id';
    expectOnly(log, RULE, 'error', { at: 'M', part, quoted: 'session-0001', party: 'server' });
  });

  test('says nothing of another operation, an error, or an answer without a result', () => {
    const open = traffic().call('tools/list', REFUSED).call('tools/list', { token: TOKEN });
    expect(judged(open.call('prompts/list', { token: null, requestHeaders: SESSION }), RULE)).toEqual([]);
    const body = '{"jsonrpc":"2.0","id":3,"error":{"code":-32000,"message":"no"}}';
    expect(judged(session({ body }), RULE)).toEqual([]);
  });

  test('is open when something else may tell who calls', () => {
    const log = session({ requestHeaders: { cookie: 'sid=1' } });
    expectOnly(log, RULE, 'open', { at: 'M', missing: ['meaning-of-the-credential'] });
  });

  test('is open when the recording was stripped of its headers', () => {
    const log = traffic().call('tools/list', REFUSED).call('tools/list', { token: null, requestHeaders: SESSION });
    expectOnly(log, RULE, 'open', { missing: ['authorization-header'] });
  });
});
