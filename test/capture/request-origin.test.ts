import { expect, test } from 'vitest';
import { withOrigin } from '../../src/capture/request-origin.ts';
import type { Details } from '../../src/capture/webrequest.ts';

const sent: Details = {
  requestId: '1',
  url: 'https://s.example/mcp',
  method: 'POST',
  tabId: 1,
  type: 'xmlhttprequest',
  timeStamp: 0,
  initiator: 'https://app.example',
  requestHeaders: [{ name: 'Content-Type', value: 'application/json' }],
};

test.each([
  ['a POST to another origin', {}, 'https://app.example'],
  ['a POST to its own', { url: 'https://app.example/mcp' }, 'https://app.example'],
  ['a GET of another origin', { method: 'GET' }, 'https://app.example'],
  ['a page without an origin', { initiator: 'null' }, 'null'],
  ['a GET of its own origin', { method: 'GET', url: 'https://app.example/' }, null],
  ['a document, which a link may lead to', { type: 'main_frame' }, null],
  ['one that the browser does not say who asked for', { initiator: undefined }, null],
  ['one of which nothing that was sent is known', { requestHeaders: undefined }, null],
])('of %s', (_, more, origin) => {
  const { requestHeaders } = withOrigin({ ...sent, ...more } as Details);
  const added = (Array.isArray(requestHeaders) ? requestHeaders : []).filter(({ name }) => name === 'Origin');
  expect(added).toEqual(origin === null ? [] : [{ name: 'Origin', value: origin }]);
});

test('what the browser shows stays', () => {
  const shown = { ...sent, requestHeaders: [{ name: 'origin', value: 'null' }] };
  expect(withOrigin(shown)).toBe(shown);
});
