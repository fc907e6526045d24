import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readInline, readMarkdown } from '../../../../src/extension/panel/view/markdown.ts';

const page = `# A title

One \`code\` and
**strong** words.

- first
  goes on
- [second](https://a.example/x)

\`\`\`
GET  /x
- not a list
\`\`\`
## Next`;

describe('readMarkdown', () => {
  test('reads headings, paragraphs, lists and code', () => {
    expect(readMarkdown(page)).toEqual([
      { kind: 'heading', level: 1, inline: [{ kind: 'text', text: 'A title' }] },
      {
        kind: 'paragraph',
        inline: [
          { kind: 'text', text: 'One ' },
          { kind: 'code', text: 'code' },
          { kind: 'text', text: ' and ' },
          { kind: 'strong', text: 'strong' },
          { kind: 'text', text: ' words.' },
        ],
      },
      {
        kind: 'list',
        items: [
          [{ kind: 'text', text: 'first goes on' }],
          [{ kind: 'link', text: 'second', url: 'https://a.example/x' }],
        ],
      },
      { kind: 'code', text: 'GET  /x\n- not a list' },
      { kind: 'heading', level: 2, inline: [{ kind: 'text', text: 'Next' }] },
    ]);
  });

  test('only https addresses are links', () => {
    const text = '[a](http://a.example) [b](javascript:alert(1)) [c] `open';
    expect(readInline(text)).toEqual([{ kind: 'text', text }]);
  });

  test('loses no text that is not a mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '`', '*', '[', ']', '(', ')', ' ') }), (text) => {
        const kept = readInline(text)
          .map((part) => part.text)
          .join('');
        expect(kept.replaceAll(/[`*]/g, '')).toBe(text.replaceAll(/[`*]/g, ''));
      }),
    );
  });
});
