import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchKeys } from '../../../../src/extension/panel/host/fetch-keys.ts';

let server: Server;
let address = '';
const asked: IncomingMessage[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request);
    switch (request.url) {
      case '/jwks':
        response.setHeader('Set-Cookie', 'a=b').end('{"keys":[]}');
        break;
      case '/moved':
        response.writeHead(302, { Location: '/jwks' }).end();
        break;
      case '/large':
        response.write('x'.repeat(300 * 1024));
        response.end();
        break;
      case '/slow':
        response.write('{');
        break;
      default:
        response.writeHead(404).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('keys are fetched', () => {
  test('as they are, with nothing of the session', async () => {
    expect(await fetchKeys(`${address}/jwks`)).toEqual({ ok: true, text: '{"keys":[]}' });
    const last = asked.at(-1);
    expect(last?.method).toBe('GET');
    for (const name of ['cookie', 'authorization', 'referer']) expect(last?.headers[name]).toBeUndefined();
  });

  test('by a request that the browser makes without credentials, referrer, cache or redirect', async () => {
    const inits: (RequestInit | undefined)[] = [];
    await fetchKeys('https://as.example/jwks', async (_, init) => {
      inits.push(init);
      return new Response('{}');
    });
    expect(inits[0]).toMatchObject({
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
    });
  });

  test('not from where a redirect leads', async () => {
    const before = asked.length;
    expect(await fetchKeys(`${address}/moved`)).toEqual({ ok: false, why: 'unreachable' });
    expect(asked.slice(before).map(({ url }) => url)).toEqual(['/moved']);
  });

  test('not when they are too many, too slow or not there', async () => {
    expect(await fetchKeys(`${address}/large`)).toEqual({ ok: false, why: 'too-large' });
    expect(await fetchKeys(`${address}/slow`, fetch, 200)).toEqual({ ok: false, why: 'too-slow' });
    expect(await fetchKeys(`${address}/none`)).toEqual({ ok: false, why: { status: 404 } });
    expect(await fetchKeys('http://127.0.0.1:1/')).toEqual({ ok: false, why: 'unreachable' });
  });
});
