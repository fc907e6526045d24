import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sameToolName } from '../../src/protocol/model-name.ts';

it('sees through what hosts put before and behind a tool name', () => {
  for (const name of [
    'search',
    'mcp__srv__search',
    'srv__search',
    'srv_search',
    'my-srv-search',
    'srv.search',
    'search_mcp_srv',
  ]) {
    expect(sameToolName(name, 'search'), name).toBe(true);
  }
  expect(sameToolName('srv__files_read', 'files.read')).toBe(true);
  expect(sameToolName('files_read', 'files/read')).toBe(true);
});

it('sees through names cut at 64 characters, with and without a hash', () => {
  const tool = 'a_tool_whose_name_is_so_long_that_the_host_has_to_cut_it_somewhere';
  const whole = `mcp__server__${tool}`;
  expect(sameToolName(whole.slice(0, 64), tool)).toBe(true);
  expect(sameToolName(`${whole.slice(0, 55)}_1a2b3c4d`, tool)).toBe(true);
  expect(sameToolName(`${whole.slice(0, 55)}_1a2b3c4d`, 'another_tool_whose_name_is_long')).toBe(false);
});

it('does not join different tools', () => {
  const pairs: [string, string][] = [
    ['research', 'search'],
    ['search', 'srv_search'],
    ['search_all', 'search'],
    ['_search', 'search'],
    ['', 'search'],
    ['search', ''],
    ['Search', 'search'],
  ];
  for (const [model, tool] of pairs) expect(sameToolName(model, tool), `${model} ${tool}`).toBe(false);
});

it('takes any names, however long', () => {
  const text = fc.string({ unit: 'binary', maxLength: 80 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(sameToolName(a, a)).toBe(a !== '');
      expect(typeof sameToolName(a, b)).toBe('boolean');
    }),
  );
  expect(sameToolName('a'.repeat(1e6), `${'a'.repeat(1e6)}b`)).toBe(false);
});
