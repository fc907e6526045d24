import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { ASM, get, issuer } from '../metadata.ts';

const RULE = 'authorization-server-metadata-cimd';
const MEMBER = 'client_id_metadata_document_supported';
const answering = (members: object = {}) => get(traffic().challenge().prm(), ASM, issuer(members)).as('ASM');

describe(RULE, () => {
  test('passes metadata that says so', () => {
    expectOnly(answering(), RULE, 'pass', { party: 'authorization-server', quoted: 'true' });
  });

  test('is a warning when it says nothing, or no', () => {
    expectOnly(answering({ [MEMBER]: undefined }), RULE, 'warning', {
      at: 'ASM',
      part: 'response.content',
      party: 'authorization-server',
    });
    expectOnly(answering({ [MEMBER]: false }), RULE, 'warning', { at: 'ASM', quoted: 'false' });
  });

  test('is a note where every client is registered by hand', () => {
    expectOnly(answering({ [MEMBER]: undefined, registration_endpoint: undefined }), RULE, 'note');
  });

  test('is a note before 2025-11-25', () => {
    const log = get(traffic({ revision: '2025-06-18' }).challenge().prm(), ASM, issuer({ [MEMBER]: undefined }));
    expectOnly(log.call('tools/list'), RULE, 'note', { says: '2025-11-25' });
  });

  test('is open when a sign-in shows that the metadata was not recorded', () => {
    expectOnly(traffic().challenge().prm().az(), RULE, 'open', { missing: ['authorization-server-metadata'] });
  });

  test('says nothing of an authorization server that no MCP server names', () => {
    expect(judged(get(traffic(), ASM, issuer({ [MEMBER]: undefined })), RULE)).toEqual([]);
  });
});
