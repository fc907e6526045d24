import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEntry } from '../../../../src/exchange/read-har.ts';
import { networkFilter } from '../../../../src/extension/panel/view/network-filter.ts';

const filter = (url: string, method = 'GET', status = 200): string =>
  networkFilter(readEntry({ request: { method, url, headers: [] }, response: { status } }, 0, [], 0));

describe('the filter that finds an exchange in the Network panel', () => {
  test('names method, status, host and path, never the query', () => {
    expect(filter('https://as.example:8443/token?code=secret#x', 'POST', 401)).toBe(
      'method:POST status-code:401 domain:as.example /token',
    );
    expect(filter('https://as.example/', 'GET', 0)).toBe('method:GET domain:as.example /');
  });

  test('is words without spaces of their own, none of which excludes', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.string(), (url, method) => {
        for (const word of filter(url, method).split(' ')) expect(word).toMatch(/^[^\s-]\S*$/);
      }),
    );
  });
});
