import { describe, expect, it } from 'vitest';
import { ISSUER, PAGE, type Traffic, traffic } from '../traffic/traffic.ts';
import { tell } from './story.ts';

const URL_OF_METADATA = `${ISSUER}/.well-known/oauth-authorization-server`;

function preflight(log: Traffic, method = 'GET', url = URL_OF_METADATA): Traffic {
  return log.raw('OPTIONS', url, { status: 204 }, {}, { origin: PAGE, 'access-control-request-method': method });
}

const crossOrigin = (log: Traffic): readonly unknown[] =>
  tell(log).crossOrigin.map(({ exchange, kind, origin, preflight: before }) => [
    exchange.entry,
    kind,
    origin,
    before?.entry ?? null,
  ]);

describe('requests of a page to another origin', () => {
  it('are those of discovery, registration and token endpoints', () => {
    const log = traffic().challenge().prm().asm().reg().az().tk({ refresh: 'rt-one-0123456789' }).call().rf();
    expect(crossOrigin(log)).toEqual([
      [1, 'protected-resource-metadata', PAGE, null],
      [2, 'authorization-server-metadata', PAGE, null],
      [3, 'registration', PAGE, null],
      [6, 'token-request', PAGE, null],
      [8, 'refresh', PAGE, null],
    ]);
  });
  it('have the nearest preflight of their URL and method', () => {
    const log = preflight(preflight(preflight(traffic().challenge()).wait(5000), 'POST'), 'GET', `${ISSUER}/other`);
    expect(crossOrigin(preflight(log).asm())).toEqual([[5, 'authorization-server-metadata', PAGE, 4]]);
    expect(crossOrigin(preflight(traffic().challenge()).wait(2000).asm())).toEqual([
      [2, 'authorization-server-metadata', PAGE, null],
    ]);
    expect(crossOrigin(preflight(traffic().challenge(), 'POST').asm())).toEqual([
      [2, 'authorization-server-metadata', PAGE, null],
    ]);
  });
  it('have a preflight whose clock began a little later', () => {
    const log = traffic().challenge().asm();
    expect(crossOrigin(preflight(log.wait(-200)))).toEqual([[1, 'authorization-server-metadata', PAGE, 2]]);
  });
  it('are known by Referer where a blocked request has no Origin, and none without either', () => {
    const log = (headers: Readonly<Record<string, string>>): Traffic =>
      traffic().challenge().raw('GET', URL_OF_METADATA, { status: 0 }, {}, headers);
    expect(crossOrigin(log({ referer: `${PAGE}/chat` }))).toEqual([[1, 'authorization-server-metadata', PAGE, null]]);
    expect(crossOrigin(log({}))).toEqual([]);
    expect(crossOrigin(log({ origin: 'null' }))).toEqual([]);
    expect(crossOrigin(log({ origin: ISSUER }))).toEqual([]);
  });
});
