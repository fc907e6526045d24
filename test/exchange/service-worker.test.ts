import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/exchange/exchange.ts';
import { readHar } from '../../src/exchange/read-har.ts';

const START = Date.parse('2026-11-02T09:00:00.000Z');

interface Side {
  readonly at: number;
  readonly time?: number;
  readonly page?: boolean;
  readonly body?: string;
  readonly sends?: string;
  readonly url?: string;
}

function read(...sides: readonly Side[]): readonly Exchange[] {
  const entries = sides.map(
    ({ at, time = 50, page = false, body = '', sends = '', url = 'https://s.example/mcp' }) => ({
      startedDateTime: new Date(START + at).toISOString(),
      time,
      request: { method: 'POST', url, headers: [], ...(sends === '' ? {} : { postData: { text: sends } }) },
      response: {
        status: 200,
        headers: [{ name: 'x-side', value: page ? 'page' : 'worker' }],
        content: { text: body },
      },
      ...(page ? { _fetchedViaServiceWorker: true } : {}),
    }),
  );
  return readHar({ log: { entries } }).exchanges;
}

const parts = (exchanges: readonly Exchange[]): string[] => exchanges.map(({ part }) => part);

describe('the two records of a request that passed through a service worker', () => {
  it('become one: the worker’s with the page’s body', () => {
    const [worker, page] = read({ at: 5, time: 40 }, { at: 0, page: true, body: '{"a":1}' });
    expect(page?.part).toBe('twin');
    expect(worker).toMatchObject({ part: 'request', response: { body: { text: '{"a":1}', state: 'whole' } } });
  });
  it('are told apart by what they send, each worker’s side used once', () => {
    const all = read(
      { at: 0, page: true, sends: 'one', body: '1' },
      { at: 0, page: true, sends: 'two', body: '2' },
      { at: 4, time: 30, sends: 'two' },
      { at: 5, time: 30, sends: 'one' },
    );
    expect(parts(all)).toEqual(['twin', 'twin', 'request', 'request']);
    expect(all.slice(2).map(({ response }) => response.body.text)).toEqual(['2', '1']);
    const alike = read({ at: 0, page: true }, { at: 1, page: true }, { at: 4, time: 30 });
    expect(parts(alike)).toEqual(['twin', 'request', 'request']);
  });
  it.each([
    ['another URL', { at: 5, url: 'https://s.example/other' }],
    ['earlier', { at: -5 }],
    ['still going on long after', { at: 5, time: 500 }],
    ['of another body', { at: 5, sends: 'other' }],
    ['itself a page’s side', { at: 5, page: true, sends: 'this' }],
  ])('are not joined with one that is %s', (_, other) => {
    expect(parts(read({ at: 0, page: true, sends: 'this' }, other))[0]).toBe('request');
  });
  it('leave the headers open where the worker’s was not recorded, unless nothing was taken from them', () => {
    const [page] = read({ at: 0, page: true, body: '{}' });
    expect(page?.response).toMatchObject({ headers: [], body: { text: '{}' } });
    const headers = [{ name: 'Date', value: 'Mon' }];
    const entry = { request: { method: 'GET', url: 'https://s.example/' }, response: { status: 401, headers } };
    const { exchanges } = readHar({ log: { entries: [{ ...entry, _fetchedViaServiceWorker: true }] } });
    expect(exchanges[0]?.response.headers).toEqual(headers);
  });
  it('are found among many in time that grows with their number', () => {
    const many = Array.from({ length: 20_000 }, (_, index): Side => ({ at: index, time: 1, page: index % 2 === 0 }));
    const all = read(...many);
    expect(all.filter(({ part }) => part === 'twin')).toHaveLength(10_000);
    expect(all.every(({ entry }, index) => entry === index)).toBe(true);
  });
});
