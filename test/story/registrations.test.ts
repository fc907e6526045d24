import { describe, expect, it } from 'vitest';
import { storyOf } from '../../src/report/story-result.ts';
import type { Registration } from '../../src/story/model.ts';
import { ISSUER, REDIRECT, type Traffic, traffic } from '../traffic/traffic.ts';
import { tell } from './story.ts';

const CLIENT = 'https://app.example.org/client.json';
const DOCUMENT = { client_id: CLIENT, redirect_uris: [REDIRECT], grant_types: ['authorization_code', 'refresh_token'] };

const registration = (log: Traffic): Registration | null => tell(log).chains[0]?.registration ?? null;
const client = (log: Traffic): unknown => storyOf(tell(log)).clients[0];

describe('dynamic client registration (RFC 7591)', () => {
  it('is its client’s, at its issuer, the last one', () => {
    const log = traffic().challenge().prm().asm().reg().reg().az();
    expect(registration(log)).toMatchObject({ source: 'dcr', exchange: { entry: 4 }, clientId: 'client-one-0001' });
    expect(client(log)).toMatchObject({ registration: 'dcr', grantTypes: ['authorization_code', 'refresh_token'] });
  });
  it('whose answer was not recorded is the client’s own where no other can be', () => {
    const lost = (log: Traffic): Traffic =>
      log.raw(
        'POST',
        `${ISSUER}/register`,
        { status: 201 },
        {},
        { 'content-type': 'application/json' },
        JSON.stringify({ redirect_uris: [REDIRECT], grant_types: ['authorization_code'] }),
      );
    const one = lost(traffic().challenge().prm().asm()).az();
    expect(registration(one)?.exchange.entry).toBe(3);
    expect(client(one)).toMatchObject({ registration: 'dcr', grantTypes: ['authorization_code'] });
    const two = lost(lost(traffic().challenge().prm().asm())).az();
    expect(registration(two)).toBeNull();
    expect(client(two)).toMatchObject({ registration: 'unknown', grantTypes: null });
    // What was recorded whole is another client's; in a tab of its own, or after a sign-in, the nearest is meant.
    const beside = lost(traffic().challenge().prm().asm().reg({ clientId: 'client-two-0002' }));
    expect(registration(beside.az({ clientId: 'client-one-0001' }))?.exchange.entry).toBe(4);
    const tabs = lost(lost(traffic().challenge().prm().asm().onPage('one')).onPage('two')).az();
    expect(registration(tabs)?.exchange.entry).toBe(4);
    const later = lost(lost(traffic().challenge().prm().asm().onPage('one')).wait(5000)).az();
    expect(registration(later)?.exchange.entry).toBe(4);
    const atOnce = lost(lost(traffic().challenge().prm().asm().onPage('one'))).az();
    expect(registration(atOnce)).toBeNull();
  });
});

describe('a client ID metadata document', () => {
  const fetched = (answer: object, url = CLIENT): Traffic =>
    traffic().challenge().prm().asm().raw('GET', url, answer).az({ clientId: CLIENT });
  it('is what a GET of the client id shows', () => {
    const log = fetched({ body: JSON.stringify(DOCUMENT) });
    expect(registration(log)).toMatchObject({
      source: 'cimd',
      issuer: ISSUER,
      clientId: CLIENT,
      request: null,
      response: { grantTypes: DOCUMENT.grant_types },
    });
    expect(tell(log).roles.get(3)).toMatchObject({ kind: 'client-id-metadata-document', issuer: ISSUER });
    expect(client(log)).toMatchObject({ registration: 'cimd', grantTypes: DOCUMENT.grant_types });
  });
  it.each([
    ['another URL', fetched({ body: JSON.stringify(DOCUMENT) }, `${CLIENT}?v=2`)],
    ['no success', fetched({ status: 404, body: JSON.stringify(DOCUMENT) })],
    ['no metadata', fetched({ body: '<html>' })],
  ])('is none with %s, and the client is known by its id alone', (_, log) => {
    expect(registration(log)).toBeNull();
    expect(tell(log).roles.has(3)).toBe(false);
    expect(client(log)).toMatchObject({ registration: 'cimd', grantTypes: null });
  });
});
