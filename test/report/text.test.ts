import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shorten, visible, visibleLine } from '../../src/report/text.ts';

/** Characters that a terminal or a browser obeys instead of showing. */
function acts(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  const control = (code < 0x20 && character !== '\n' && character !== '\t') || (code >= 0x7f && code <= 0x9f);
  const turns = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return (
    control || turns || (code >= 0x200b && code <= 0x200f) || code === 0xfeff || (code >= 0xd800 && code <= 0xdfff)
  );
}

describe('visible', () => {
  it('shows what would steer a terminal or turn words around', () => {
    expect(visible('\u001b[31mred')).toBe('\\u{1b}[31mred');
    expect(visible('a\u202eb\u2066c\u200bd\ufeffe\u0085f')).toBe('a\\u{202e}b\\u{2066}c\\u{200b}d\\u{feff}e\\u{85}f');
    expect(visible('lone \ud800 half')).toBe('lone \\u{d800} half');
    expect(visible('café 🙂\n\ttab')).toBe('café 🙂\n\ttab');
  });

  it('leaves nothing that could act', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect([...visible(text)].filter(acts)).toEqual([]);
        expect(visibleLine(text)).not.toMatch(/[\n\t]/);
      }),
    );
  });
});

describe('shorten', () => {
  it('cuts to the length and never through a character', () => {
    expect(shorten('abcdef', 6)).toBe('abcdef');
    expect(shorten('abcdefg', 6)).toBe('abcde…');
    expect(shorten('ab🙂cd', 4)).toBe('ab…');
  });
});
