import { describe, expect, it } from 'vitest';
import { plainBody, rewriteBody } from '../../../src/report/redaction/body.ts';
import { redactProse } from '../../../src/report/redaction/prose.ts';
import { Scribe } from '../../../src/report/redaction/scribe.ts';
import { Finder } from '../../../src/report/redaction/search.ts';
import { Vault } from '../../../src/report/redaction/vault.ts';
import { order, repeated } from '../../linear.ts';

const hostile: Readonly<Record<string, string>> = {
  schemes: 'Bearer ',
  'JWT beginnings': 'eyJ',
  assignments: 'a=',
  'percent signs': '%25',
  'secret names': 'access_token=',
  quotes: '\\"',
  addresses: 'https://a@',
  'JSON openings': '{"a":"{',
  dots: 'eyJhbGciOi.',
  aliases: 'at~~',
};

describe('redaction of hostile text takes time in proportion to its length', () => {
  for (const [name, unit] of Object.entries(hostile)) {
    it(name, () => {
      const run = (text: string): void => {
        redactProse(text, (_, value) => value);
        const vault = new Vault([], false, new Set());
        rewriteBody(text, plainBody, new Scribe(vault, null));
        rewriteBody(text, plainBody, new Scribe(vault, vault.seal()));
      };
      expect(order(run, (n) => repeated(unit, n), 5000)).toBeLessThan(1.7);
    });
  }

  it('many secrets with one beginning', () => {
    const finder = new Finder();
    for (let number = 0; number < 2000; number++) finder.add(`eyJhbGciOiJSUzI1NiJ9${number}`, 'at-1');
    const run = (text: string) => finder.split(text);
    expect(order(run, (n) => repeated('eyJhbGciOiJSUzI1NiJ9', n))).toBeLessThan(1.7);
  });
});

describe('Finder', () => {
  it('prefers the longest and never looks into a replacement', () => {
    const finder = new Finder();
    finder.add('secret-one', 'a');
    finder.add('secret-one-longer', 'secret-one');
    finder.add('short', 'x');
    const text = finder.split('x secret-one-longer secret-one short').map((piece) => piece.text);
    expect(text.join('')).toBe('x secret-one a short');
  });
});
