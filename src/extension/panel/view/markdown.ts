/**
 * The little Markdown in which rule pages are written: headings, paragraphs,
 * lists, fenced code; inline code, strong words and https links. What is
 * anything else is text.
 */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly inline: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly inline: readonly Inline[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'code'; readonly text: string };

export type Inline =
  | { readonly kind: 'text' | 'code' | 'strong'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

/** Reads a page; every text is one. */
export function readMarkdown(page: string): Block[] {
  const blocks: Block[] = [];
  let words: string[] = [];
  let items: string[][] = [];
  const flush = (): void => {
    if (items.length > 0) blocks.push({ kind: 'list', items: items.map((lines) => readInline(lines.join(' '))) });
    else if (words.length > 0) blocks.push({ kind: 'paragraph', inline: readInline(words.join(' ')) });
    words = [];
    items = [];
  };
  const lines = page.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const text = line.trim();
    if (text.startsWith('```')) {
      flush();
      const from = at + 1;
      at = from;
      while (at < lines.length && !lines[at]?.trim().startsWith('```')) at += 1;
      blocks.push({ kind: 'code', text: lines.slice(from, at).join('\n') });
    } else if (text === '') flush();
    else if (text.startsWith('#')) {
      flush();
      let level = 0;
      while (text.charAt(level) === '#') level += 1;
      blocks.push({ kind: 'heading', level, inline: readInline(text.slice(level).trim()) });
    } else if (text.startsWith('- ')) {
      if (words.length > 0) flush();
      items.push([text.slice(2)]);
    } else (items.at(-1) ?? words).push(text);
  }
  flush();
  return blocks;
}

/** Reads code, strong words and links; a mark without its partner is text. */
export function readInline(text: string): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  const push = (inline: Inline): void => {
    if (plain !== '') found.push({ kind: 'text', text: plain });
    plain = '';
    found.push(inline);
  };
  // Where a closing mark was sought in vain, it is not sought again: each search then passes the text once.
  const absent = new Set<string>();
  const close = (mark: string, from: number): number => {
    if (absent.has(mark)) return -1;
    const at = text.indexOf(mark, from);
    if (at < 0) absent.add(mark);
    return at;
  };
  for (let at = 0; at < text.length; ) {
    const mark = text.startsWith('**', at) ? '**' : text.charAt(at) === '`' ? '`' : '';
    const end = mark === '' ? -1 : close(mark, at + mark.length);
    if (end >= 0) {
      push({ kind: mark === '`' ? 'code' : 'strong', text: text.slice(at + mark.length, end) });
      at = end + mark.length;
      continue;
    }
    const middle = text.charAt(at) === '[' ? close('](https://', at) : -1;
    const last = middle < 0 ? -1 : close(')', middle);
    if (last >= 0 && !text.slice(at + 1, middle).includes('[')) {
      push({ kind: 'link', text: text.slice(at + 1, middle), url: text.slice(middle + 2, last) });
      at = last + 1;
      continue;
    }
    plain += text.charAt(at);
    at += 1;
  }
  if (plain !== '') found.push({ kind: 'text', text: plain });
  return found;
}
