import { describe, expect, it } from 'vitest';
import { ISSUER, SERVER, traffic } from '../traffic/traffic.ts';
import { tell } from './story.ts';

const TENANT = `${ISSUER}/tenant`;

function metadata(issuer: string, endpoints = issuer): string {
  return JSON.stringify({
    issuer,
    authorization_endpoint: `${endpoints}/authorize`,
    token_endpoint: `${endpoints}/token`,
  });
}

const issuers = (log: Parameters<typeof tell>[0]): readonly string[] => tell(log).grants.map(({ issuer }) => issuer);

describe('the issuer of a request', () => {
  it('is the one whose endpoint it went to, never one of the same host (guard G6)', () => {
    const log = traffic()
      .challenge()
      .asm()
      .asm({ issuer: TENANT })
      .az({ issuer: TENANT })
      .tk({ issuer: TENANT })
      .az()
      .tk();
    expect(issuers(log)).toEqual([TENANT, ISSUER]);
  });
  it('is the one that the protected resource names, where two share an endpoint', () => {
    const log = traffic()
      .challenge()
      .prm({ issuers: [TENANT] });
    log.raw('GET', `${ISSUER}/.well-known/oauth-authorization-server`, { body: metadata(ISSUER) });
    log.raw('GET', `${ISSUER}/.well-known/oauth-authorization-server/tenant`, { body: metadata(TENANT, ISSUER) });
    expect(issuers(log.az().tk())).toEqual([TENANT]);
  });
  it('without metadata is the named issuer of that origin, else the origin', () => {
    expect(
      issuers(
        traffic()
          .challenge()
          .prm({ issuers: [TENANT] })
          .az()
          .tk(),
      ),
    ).toEqual([TENANT]);
    expect(
      issuers(
        traffic()
          .challenge()
          .prm({ issuers: [TENANT, `${ISSUER}/other`] })
          .az()
          .tk(),
      ),
    ).toEqual([ISSUER]);
  });
  it('may have a slash more in one place than in another', () => {
    const log = traffic()
      .challenge()
      .prm({ issuers: [`${ISSUER}/`] })
      .asm()
      .az({ resource: null })
      .tk({ resource: null });
    expect(tell(log).grants[0]?.server?.url).toBe(SERVER);
  });
});
