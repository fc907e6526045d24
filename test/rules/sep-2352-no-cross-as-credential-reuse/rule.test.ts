import { describe, expect, test } from 'vitest';
import { ISSUER, SERVER } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { migrated, NEW_ID, OLD_ID, REGISTERED_ANEW } from '../migrations.ts';
import { DOCUMENT, discovered, OTHER_ISSUER, register } from '../registrations.ts';

const RULE = 'sep-2352-no-cross-as-credential-reuse';
const there = { issuer: OTHER_ISSUER } as const;
const verdicts = (log: Parameters<typeof judged>[0]) => judged(log, RULE).map(verdictOf);

describe(RULE, () => {
  test('passes an id of its own at each', () => {
    const log = register(migrated(), REGISTERED_ANEW)
      .az({ ...there, clientId: NEW_ID })
      .tk({ ...there });
    expect(verdicts(log)).toEqual(['pass', 'pass']);
    expect(verdicts(register(discovered()).az().tk())).toEqual([]);
  });

  test('is an error to send the id of one to another', () => {
    const log = migrated()
      .az({ ...there, clientId: OLD_ID })
      .as('AZ')
      .tk({ ...there });
    expectOnly(log, RULE, 'error', {
      at: 'AZ',
      part: 'request.url',
      quoted: OLD_ID,
      party: 'client',
      says: `got from ${ISSUER} to ${OTHER_ISSUER}`,
    });
  });

  test('is an error in a token request alone', () => {
    const log = migrated()
      .tk({ ...there, clientId: OLD_ID, resource: SERVER })
      .as('TK');
    expectOnly(log, RULE, 'error', { at: 'TK', part: 'request.postData', quoted: OLD_ID });
  });

  test('is a note before 2026-07-28, a warning where the id was refused (law 1)', () => {
    const old = { revision: '2025-11-25' } as const;
    expectOnly(migrated(old).az({ ...there, clientId: OLD_ID }), RULE, 'note', { says: 'from 2026-07-28' });
    expectOnly(migrated({ revision: null }).az({ ...there, clientId: OLD_ID }), RULE, 'note');
    expectOnly(migrated(old).az({ ...there, clientId: OLD_ID, error: 'invalid_client' }), RULE, 'warning', {
      says: 'refused',
    });
  });

  test('is an error to send the secret of one to another', () => {
    const client_secret = 'secret-of-the-first-0001';
    const answer = { client_id: OLD_ID, client_secret, redirect_uris: ['https://app.example.org/callback'] };
    const log = register(discovered(), { answer }).az({ clientId: OLD_ID }).tk().call();
    register(log.prm({ issuers: [OTHER_ISSUER] }).asm(there), REGISTERED_ANEW);
    log
      .az({ ...there, clientId: NEW_ID })
      .tk({ ...there, form: { client_secret } })
      .as('TK');
    const found = judged(log, RULE).find(({ kind }) => kind === 'fail');
    expect(found).toMatchObject({
      level: 'error',
      evidence: [{ entry: log.entry('TK'), part: 'request.postData' }, {}],
    });
    expect(JSON.stringify(found)).not.toContain(client_secret);
  });

  test('is open where it is not known whose endpoint it is, or who else may give such an id', () => {
    const unknown = register(discovered(), { clientId: OLD_ID }).az({ ...there, clientId: OLD_ID });
    expectOnly(unknown, RULE, 'open', { missing: ['authorization-server-metadata'] });
    const plain = register(discovered(), { clientId: 'my-client' })
      .asm(there)
      .az({ ...there, clientId: 'my-client', resource: OTHER });
    plain.challenge({ server: OTHER }).prm({ server: OTHER, issuers: [OTHER_ISSUER] });
    expectOnly(plain, RULE, 'open', { missing: ['client-registration'] });
  });

  test('says nothing of URLs and of ids from before the log', () => {
    expect(verdicts(migrated({}, false).az({ ...there, clientId: OLD_ID }))).toEqual([]);
    expect(
      verdicts(
        discovered()
          .asm(there)
          .az({ clientId: DOCUMENT })
          .az({ ...there, clientId: DOCUMENT }),
      ),
    ).toEqual([]);
  });
});

const OTHER = 'https://other.example.com/mcp';
