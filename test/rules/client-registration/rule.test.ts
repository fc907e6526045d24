import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, register, WEB } from '../registrations.ts';

const RULE = 'client-registration';
const both = (log: Parameters<typeof judged>[0]) =>
  judged(log, RULE)
    .map((found) => `${found.party} ${verdictOf(found)}`)
    .toSorted();

describe(RULE, () => {
  test('passes client and authorization server', () => {
    expect(both(register(discovered()))).toEqual(['authorization-server pass', 'client pass']);
  });

  test.each([
    ['text that is no JSON', 'redirect_uris=x', 'no JSON object'],
    ['an array', '["redirect_uris"]', 'no JSON object'],
    ['no redirect_uris', { client_name: 'App' }, 'named no redirect_uris'],
    ['empty redirect_uris', { redirect_uris: [], grant_types: ['authorization_code'] }, 'named no redirect_uris'],
  ])('is an error of the client: %s', (_, request, says) => {
    const log = register(discovered(), { request, status: 400, answer: { error: 'invalid_client_metadata' } }).as(
      'REG',
    );
    expectOnly(log, RULE, 'error', { at: 'REG', part: 'request.postData', party: 'client', says });
  });

  test('a program without redirects needs none', () => {
    const request = { client_name: 'Cron', grant_types: ['client_credentials'] };
    expect(both(register(discovered(), { request }))).toEqual(['authorization-server pass', 'client pass']);
  });

  test('is an error of the authorization server without a client_id', () => {
    const log = register(discovered(), { answer: WEB }).as('REG');
    const found = judged(log, RULE).find(({ kind }) => kind === 'fail');
    expect(found).toMatchObject({
      level: 'error',
      party: 'authorization-server',
      evidence: [{ entry: log.entry('REG'), part: 'response.content' }],
    });
  });

  test('200 in place of 201 is a note; a secret without an end is only told', () => {
    expect(both(register(discovered(), { status: 200 }))).toEqual(['authorization-server note', 'client pass']);
    const secret = { ...WEB, client_id: 'c1', client_secret: 'secret-0123456789' };
    expect(both(register(discovered(), { answer: secret }))).toEqual([
      'authorization-server informational',
      'client pass',
    ]);
    expect(both(register(discovered(), { answer: { ...secret, client_secret_expires_at: 0 } }))).toEqual([
      'authorization-server pass',
      'client pass',
    ]);
  });

  test('is open where a body was lost', () => {
    expect(judged(register(discovered(), { answer: null }), RULE).find(({ kind }) => kind === 'open')?.missing).toEqual(
      ['registration-response'],
    );
    expect(
      judged(register(discovered(), { request: null }), RULE).find(({ kind }) => kind === 'open')?.missing,
    ).toEqual(['registration-request']);
  });

  test('says nothing of a registration for no MCP server (guard G21)', () => {
    expect(judged(register(traffic(), { request: { client_name: 'App' } }), RULE)).toEqual([]);
  });

  test('survives bodies that nobody writes', () => {
    const deep = `{"redirect_uris":${'['.repeat(100_000)}${']'.repeat(100_000)},"__proto__":{"redirect_uris":["x"]}}`;
    const log = register(discovered(), { request: deep, answer: deep });
    expect(both(log)).toEqual(['authorization-server error', 'client error']);
    for (const { message, evidence } of judged(log, RULE)) {
      expect(message.length).toBeLessThan(500);
      for (const { note } of evidence) expect(note.length).toBeLessThan(500);
    }
  });
});
