import { describe, expect, it } from 'vitest';
import { plainBody, rewriteBody } from '../../../src/report/redaction/body.ts';
import { redactProse } from '../../../src/report/redaction/prose.ts';
import { Scribe } from '../../../src/report/redaction/scribe.ts';
import { Finder } from '../../../src/report/redaction/search.ts';
import { Vault } from '../../../src/report/redaction/vault.ts';

/** Time for twice the input over time for the input; the best of several runs. */
function growth(run: (size: number) => void, size: number): number {
  const best = (length: number): number =>
    Math.min(
      ...[1, 2, 3, 4].map(() => {
        const start = performance.now();
        run(length);
        return performance.now() - start;
      }),
    );
  run(size);
  let ratio = Number.POSITIVE_INFINITY;
  // A busy machine disturbs some rounds; a quadratic search would disturb all.
  for (let round = 0; round < 10 && ratio > 3; round += 1)
    ratio = Math.min(ratio, best(size * 2) / Math.max(best(size), 0.5));
  return ratio;
}

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
    it(name, { retry: 3 }, () => {
      const run = (size: number): void => {
        const text = unit.repeat(Math.ceil(size / unit.length));
        redactProse(text, (_, value) => value);
        const vault = new Vault([], false, new Set());
        rewriteBody(text, plainBody, new Scribe(vault, null));
        rewriteBody(text, plainBody, new Scribe(vault, vault.seal()));
      };
      expect(growth(run, 40_000)).toBeLessThan(3.6);
    });
  }

  it('many secrets with one beginning', { retry: 3 }, () => {
    const run = (size: number): void => {
      const finder = new Finder();
      for (let number = 0; number < 2000; number++) finder.add(`eyJhbGciOiJSUzI1NiJ9${number}`, 'at-1');
      finder.split('eyJhbGciOiJSUzI1NiJ9'.repeat(size / 20));
    };
    expect(growth(run, 200_000)).toBeLessThan(3.6);
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
