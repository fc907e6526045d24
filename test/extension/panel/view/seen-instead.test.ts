import { expect, test } from 'vitest';
import { readHar } from '../../../../src/exchange/read-har.ts';
import { seenInstead } from '../../../../src/extension/panel/view/seen-instead.ts';

const entry = (url: string, mimeType: string, authorization: string | null) => ({
  startedDateTime: '2026-01-01T00:00:00Z',
  time: 1,
  request: {
    method: 'GET',
    url,
    headers: authorization === null ? [] : [{ name: 'authorization', value: authorization }],
  },
  response: { status: 200, headers: [], content: { mimeType, text: '{}', size: 2 } },
});

test('counts what went on in place of MCP traffic', () => {
  const entries = [
    ...Array.from({ length: 3 }, () => entry('https://api.example/v1', 'application/json', 'Bearer x')),
    entry('https://www.example/', 'text/html', null),
    ...Array.from({ length: 6 }, (_, at) => entry(`https://cdn-${at}.example/`, 'image/png', null)),
  ];
  const { exchanges } = readHar({ log: { entries } });
  const seen = seenInstead(exchanges);
  expect(seen.hosts[0]).toEqual(['api.example', 3]);
  expect(seen.hosts).toHaveLength(5);
  expect(seen).toMatchObject({ json: 3, authorized: 3, otherHosts: 3 });
});
