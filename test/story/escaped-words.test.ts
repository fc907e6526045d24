import { describe, expect, test } from 'vitest';
import { escapedWords } from '../../src/story/escaped-words.ts';

const isWord = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || code === 126;
const words = (text: string): string[] =>
  escapedWords(text, 0, text.length, isWord).map(([from, to]) => text.slice(from, to));

describe('escapedWords', () => {
  test('cuts at escapes that stand for separators, encoded once or twice', () => {
    expect(words('%2Fcallback%3Fcode%3Dabc')).toEqual(['callback', 'code', 'abc']);
    expect(words('callback%253Fcode%253dabc')).toEqual(['callback', 'code', 'abc']);
  });

  test('keeps escapes that belong to a word, and what is no escape', () => {
    expect(words('a%7Eb')).toEqual([]);
    expect(words('code%3Da%7Eb%zz%2')).toEqual(['code', 'a%7Eb%zz%2']);
  });

  test('takes time in proportion to the text', () => {
    const text = '%3D'.repeat(200_000);
    const before = performance.now();
    expect(words(text)).toEqual([]);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  test('stays within the offsets', () => {
    expect(escapedWords('xx%3Dab', 2, 6, isWord)).toEqual([[5, 6]]);
    expect(escapedWords('xx%3Dab', 2, 4, isWord)).toEqual([]);
  });
});
