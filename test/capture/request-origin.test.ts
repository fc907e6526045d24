import { expect, test } from 'vitest';
import { impliedOrigin } from '../../src/capture/request-origin.ts';

const page = 'https://app.example';
const json = [{ name: 'Content-Type', value: 'application/json' }];
const bearer = [{ name: 'authorization', value: 'Bearer token' }];

test.each([
  ['a POST to another origin', 'POST', 'https://s.example/mcp', json, page, page],
  ['a POST to its own', 'POST', `${page}/mcp`, json, page, page],
  ['a GET of another origin that carries what needs CORS', 'GET', 'https://s.example/mcp', bearer, page, page],
  ['a GET of another origin that may be without CORS', 'GET', 'https://s.example/mcp', [], page, null],
  ['a GET of its own origin', 'GET', `${page}/mcp`, bearer, page, null],
  ['one that the browser does not say who asked for', 'POST', 'https://s.example/mcp', json, '', null],
  ['one whose own is there', 'POST', 'https://s.example/mcp', [{ name: 'origin', value: 'null' }], page, null],
])('of %s', (_, method, url, headers, asker, origin) => {
  expect(impliedOrigin({ url, method }, asker, headers)).toBe(origin);
});
