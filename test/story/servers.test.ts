import { describe, expect, it } from 'vitest';
import type { Server } from '../../src/story/model.ts';
import { type Answer, ISSUER, SERVER, type Traffic, traffic } from '../traffic/traffic.ts';
import { exchangesOf, tell } from './story.ts';

function server(log: Traffic): Server {
  const [first] = tell(log).servers;
  if (!first) throw new Error('no server');
  return first;
}

const revision = (log: Traffic): readonly (string | null)[] => [server(log).revision, server(log).revisionFrom];
const initialized = (version: string): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, result: { protocolVersion: version, serverInfo: {}, capabilities: {} } });

describe('a server that a client discovered and did not call', () => {
  const url = 'https://mcp.elsewhere.example/.well-known/oauth-protected-resource/team/mcp';
  const body = JSON.stringify({ resource: 'https://mcp.elsewhere.example/team/mcp', authorization_servers: [ISSUER] });
  const read = (log: Traffic, headers: Record<string, string>, answer: Answer = { body }) =>
    log.raw('GET', url, { mimeType: 'application/json', ...answer }, {}, headers);
  const ofMcp = { 'mcp-protocol-version': '2025-11-25' };
  const urls = (log: Traffic) => tell(log).servers.map((known) => known.url);

  it('is known by its metadata when an MCP client asked for it', () => {
    const [found] = tell(read(traffic(), ofMcp)).servers;
    expect(found).toMatchObject({ url: 'https://mcp.elsewhere.example/team/mcp', issuers: [ISSUER], calls: [] });
  });

  it('is none of MCP when another client asked, or there is no such document', () => {
    expect(urls(read(traffic(), {}))).toEqual([]);
    expect(urls(read(traffic(), ofMcp, { status: 404, body }))).toEqual([]);
    expect(urls(read(traffic(), ofMcp, { body: '{}' }))).toEqual([]);
  });

  it('gives way to a server that was called there', () => {
    const log = read(traffic(), ofMcp).call('whoami', { server: 'https://mcp.elsewhere.example/mcp' });
    expect(urls(log)).toEqual(['https://mcp.elsewhere.example/mcp']);
  });
});

describe('the negotiated revision (rules.md 0.A, V(S))', () => {
  it('is that of initialize, and stays so told', () => {
    const log = traffic({ revision: '2025-06-18' })
      .call('initialize', { body: initialized('2025-06-18') })
      .call();
    expect(revision(log)).toEqual(['2025-06-18', 'initialize']);
  });
  it('is that of _meta, else of the header, of an answered request', () => {
    expect(revision(traffic({ revision: '2026-07-28' }).call())).toEqual(['2026-07-28', 'meta']);
    expect(revision(traffic({ revision: '2025-11-25' }).challenge())).toEqual(['2025-11-25', 'header']);
  });
  it('is the latest', () => {
    const log = traffic({ revision: '2025-11-25' })
      .call()
      .call('initialize', { body: initialized('2025-06-18') });
    expect(revision(log)).toEqual(['2025-06-18', 'initialize']);
  });
  it.each([400, 404, 405, 409, 500, 0])('is not that of a request answered %i', (status) => {
    expect(revision(traffic({ revision: '2025-11-25' }).call('search', { status }))).toEqual([null, 'unknown']);
  });
  it.each([-32020, -32021, -32022, -32601])('is not that of a probe refused with %i', (code) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code, message: 'no' } });
    expect(revision(traffic({ revision: '2026-07-28' }).call('server/discover', { body }))).toEqual([null, 'unknown']);
  });
  it('is not that of a discovery request, nor of a refused initialize', () => {
    const log = traffic({ revision: null }).call('initialize', { status: 401, body: initialized('2025-06-18') });
    log.raw(
      'GET',
      'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
      {},
      {},
      { 'mcp-protocol-version': '2026-07-28' },
    );
    expect(revision(log)).toEqual([null, 'unknown']);
  });
  it('does not depend on which call was delivered first', () => {
    const log = traffic({ revision: '2025-11-25' })
      .call()
      .call('initialize', { body: initialized('2025-06-18') })
      .call();
    const exchanges = exchangesOf(log);
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [0, 2, 1],
      [1, 0, 2],
    ].map((order) => order.flatMap((index) => exchanges[index] ?? []));
    expect(orders.map((order) => tell(order).servers[0]?.revision)).toEqual(Array(4).fill('2025-11-25'));
  });
});

describe('protected resource metadata belongs to the server', () => {
  const document = (resource: string): string => JSON.stringify({ resource, authorization_servers: [ISSUER] });
  it('whose challenge names its URL', () => {
    const url = 'https://meta.example.net/prm.json';
    const log = traffic()
      .call('tools/list', { status: 401, token: null, challenge: `Bearer resource_metadata="${url}"` })
      .raw('GET', url, { body: document('x') });
    expect(server(log).issuers).toEqual([ISSUER]);
    expect(tell(log).roles.get(1)).toMatchObject({ kind: 'protected-resource-metadata', server: SERVER });
  });
  it('whose well-known URL it was fetched from (RFC 9728 section 3.1)', () => {
    for (const url of [
      'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
      'https://mcp.example.com/.well-known/oauth-protected-resource',
    ]) {
      expect(
        server(
          traffic()
            .call()
            .raw('GET', url, { body: document('x') }),
        ).issuers,
      ).toEqual([ISSUER]);
    }
  });
  it('that it names as resource', () => {
    const url = 'https://other.example.com/.well-known/oauth-protected-resource/odd';
    expect(
      server(
        traffic()
          .call()
          .raw('GET', url, { body: document(`${SERVER}/`) }),
      ).issuers,
    ).toEqual([ISSUER]);
    expect(
      server(
        traffic()
          .call()
          .raw('GET', url, { body: document('https://mcp.example.com/second') }),
      ).issuers,
    ).toEqual([]);
  });
  it('only when it was answered 200', () => {
    const url = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
    expect(
      server(
        traffic()
          .call()
          .raw('GET', url, { status: 404, body: document(SERVER) }),
      ).metadata,
    ).toEqual([]);
  });
  it('with the issuers of the last one first', () => {
    const log = traffic()
      .call()
      .prm({ issuers: ['https://one.example'] })
      .prm({ issuers: ['https://two.example', 'https://one.example'] });
    expect(server(log).issuers).toEqual(['https://two.example', 'https://one.example']);
  });
});

describe('a server', () => {
  it('has its calls and refusals in time order, before and after it was known as one', () => {
    const log = traffic()
      .call('GET', { status: 401, token: null })
      .challenge()
      .call('search', { token: 't-0123456789' })
      .forbidden('w');
    expect(server(log).calls.map(({ exchange }) => exchange.entry)).toEqual([0, 1, 2, 3]);
    expect(server(log).refused.map(({ exchange }) => exchange.entry)).toEqual([0, 1, 3]);
  });
  it('that never answered is one all the same, with nothing refused', () => {
    const log = traffic().call('search', { status: 0 }).call('search', { status: 0 });
    expect(server(log)).toMatchObject({ url: SERVER, refused: [] });
    expect(tell(log)).toMatchObject({ recoveries: [], sanitized: false });
  });
  it('is not the model, the authorization server or a page', () => {
    const log = traffic().challenge().prm().asm().az().tk().model({ messages: [] }, {}).reload();
    expect(tell(log).servers.map(({ url }) => url)).toEqual([SERVER]);
  });
});

describe('a sanitized log (guard G19)', () => {
  it('has tokens issued, or calls refused and then answered, and no credential anywhere', () => {
    expect(tell(traffic().challenge().prm().asm().az().tk().call('search', { token: null })).sanitized).toBe(true);
    expect(tell(traffic().challenge().call('search', { token: null })).sanitized).toBe(true);
    expect(tell(traffic().challenge().prm().asm().az().tk().call()).sanitized).toBe(false);
    expect(tell(traffic().call('search', { token: null })).sanitized).toBe(false);
    expect(tell(traffic().call('search', { token: null }).challenge()).sanitized).toBe(false);
  });
});
