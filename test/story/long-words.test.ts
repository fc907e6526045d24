import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapedWords } from '../../src/story/escaped-words.ts';
import { longWords } from '../../src/story/long-words.ts';

const isWord = (code: number): boolean => /[A-Za-z0-9._~+%-]/.test(String.fromCharCode(code));
const isLong = (word: string): boolean => word.length >= 16 || /^(?:at|rt|id|code|secret)-[1-9][0-9]{0,8}$/.test(word);

/** The definition, character by character. */
function spelledOut(text: string): string[] {
  const words = text.split(/[^A-Za-z0-9._~+%-]+/).filter((word) => word !== '');
  return words
    .flatMap((word) => {
      const inner = word.includes('%') ? escapedWords(word, 0, word.length, isWord) : [];
      return [word, ...inner.map(([start, end]) => word.slice(start, end))];
    })
    .filter(isLong)
    .sort();
}

const found = (text: string): string[] =>
  longWords(text)
    .map(([start, end]) => text.slice(start, end))
    .sort();

describe('longWords', () => {
  it('are long runs and aliases', () => {
    expect(
      found('{"a":"0123456789abcdef","b":"short","c":"at-12","d":"at-0","e":"xat-1","f":"secret-123456789"}'),
    ).toEqual(['0123456789abcdef', 'at-12', 'secret-123456789']);
    expect(found('next=%2Fcallback%3Fcode%3Dcode-1')).toContain('code-1');
  });

  it('are those of the definition', () => {
    const part = fc.constantFrom(
      'at-',
      'code-',
      'id-',
      'secret-',
      '1',
      '0',
      '12345678',
      'abcdefgh',
      '-',
      '%3D',
      '%',
      ' ',
      '"',
      '=',
      'é',
      '\u{1f600}',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: part, maxLength: 12 }), fc.string({ unit: 'binary' })), (text) => {
        expect(found(text)).toEqual(spelledOut(text));
      }),
      { numRuns: 2000 },
    );
  });
});
