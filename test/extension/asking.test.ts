import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askFragment, readAskFragment, readAskMessage } from '../../src/extension/asking.ts';
import { coversAll, readWatchState } from '../../src/extension/watch-state.ts';

test('what a panel wants asked reaches the tab by its address', () => {
  const asked = { watch: ['https://mcp.example.com/*', 'http://127.0.0.1/*'], look: ['https://chat.example.com'] };
  expect(readAskFragment(askFragment(asked))).toEqual(asked);
  expect(readAskMessage({ kind: 'ask-in-tab', asked })).toEqual(asked);
});

test('what is no pattern of a site and no origin is not asked for', () => {
  const watch = ['<all_urls>', 'file:///*', 'https://a.example/path', 'javascript:alert(1)', 7, 'https://a.example/*'];
  const look = ['https://a.example/', 'https://a.example', 'data:,x', null];
  expect(readAskMessage({ kind: 'ask-in-tab', asked: { watch, look } })).toEqual({
    watch: ['https://a.example/*'],
    look: ['https://a.example'],
  });
});

test('whatever is read, nothing is thrown', () => {
  fc.assert(
    fc.property(fc.anything(), fc.string(), (value, text) => {
      readAskMessage(value);
      readAskFragment(`#ask=${text}`);
      readWatchState(value);
    }),
  );
});

test('all sites are both schemes', () => {
  expect(coversAll(['http://*/*'])).toBe(false);
  expect(coversAll(['https://*/*', 'http://*/*'])).toBe(true);
  expect(coversAll(['<all_urls>'])).toBe(true);
});
