import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { ASM, bare401, get, issuer, missing, OPENID, PRM, ROOT_PRM } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'as-pkce-advertised';
const offering = (methods: unknown, url = ASM) =>
  get(traffic().challenge().prm(), url, issuer({ code_challenge_methods_supported: methods })).as('ASM');

describe(RULE, () => {
  test('passes S256', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'authorization-server' });
    expectOnly(offering(['plain', 'S256']), RULE, 'pass');
  });

  test.each([ASM, OPENID])('is an error when the member is absent at %s', (url) => {
    expectOnly(offering(undefined, url), RULE, 'error', {
      at: 'ASM',
      part: 'response.content',
      party: 'authorization-server',
      says: 'does not say',
    });
  });

  test('is an error when S256 is missing', () => {
    expectOnly(offering(['plain']), RULE, 'error', { at: 'ASM', quoted: '["plain"]', says: 'plain' });
    expectOnly(offering([]), RULE, 'error', { quoted: '[]', says: 'no method' });
  });

  test('judges every document by itself', () => {
    const log = get(offering(undefined), OPENID, issuer());
    expect(judged(log, RULE).map(({ kind }) => kind)).toEqual(['fail', 'pass']);
  });

  test('is a note before 2025-11-25', () => {
    const log = get(
      traffic({ revision: '2025-06-18' }).challenge().prm(),
      ASM,
      issuer({ code_challenge_methods_supported: undefined }),
    );
    expectOnly(log.call('tools/list'), RULE, 'note', { says: '2025-11-25' });
  });

  test("judges the metadata at the server's own origin where it has no other", () => {
    const origin = 'https://mcp.example.com';
    const log = missing(missing(bare401(traffic()), PRM), ROOT_PRM);
    const document = issuer({ code_challenge_methods_supported: undefined }, origin);
    expectOnly(get(log, `${origin}/.well-known/oauth-authorization-server`, document), RULE, 'error');
  });

  test('says nothing where no code is issued, and of metadata without an MCP server', () => {
    const log = get(
      traffic().challenge().prm(),
      ASM,
      issuer({ authorization_endpoint: undefined, code_challenge_methods_supported: undefined }),
    );
    expect(judged(log, RULE)).toEqual([]);
    expect(judged(get(traffic(), ASM, issuer({ code_challenge_methods_supported: undefined })), RULE)).toEqual([]);
  });

  test('is open when a sign-in shows that the metadata was not recorded', () => {
    expectOnly(traffic().challenge().prm().az(), RULE, 'open', { missing: ['authorization-server-metadata'] });
  });
});
