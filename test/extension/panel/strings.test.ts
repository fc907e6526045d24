import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const folder = new URL('../../../src/extension/panel/components/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.tsx'));

/** Attributes whose values a person reads or hears. */
const spoken = /\b(?:title|aria-label|placeholder|alt|label)="([^"]*)"/g;
/** Words between tags: `>word<`, on one line or on a line of their own in JSX. */
const between = /<\/?[A-Za-z][^<>]*>\s*([A-Za-z][A-Za-z .,:;!?'…-]*[a-z])\s*<\/?[A-Za-z]/g;

/** Texts of a component that stand in it in place of the catalogue. */
function literals(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(spoken), ...code.matchAll(between)].flatMap(([, text]) =>
    text !== undefined && /[A-Za-z]{2}/.test(text) ? [text] : [],
  );
}

test('the check sees texts that stand in a component', () => {
  expect(literals('<button title="Save it">{say.save}</button>')).toEqual(['Save it']);
  expect(literals('<p>\n  Nothing here\n</p>')).toEqual(['Nothing here']);
  expect(literals('<p class="hint">{strings.none}</p>')).toEqual([]);
});

describe('every text of the panel stands in the catalogue', () => {
  test.each(files)('%s', (name) => {
    expect(literals(readFileSync(new URL(name, folder), 'utf8'))).toEqual([]);
  });
});
