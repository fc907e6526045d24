import { type Block, type Inline, readMarkdown } from '../view/markdown.ts';

/** A rule's own page: what it asks for, how it passes and fails, how to mend it. */
export function RulePage({ page }: { page: string }) {
  return (
    <article class="rule-page">
      {readMarkdown(page).map((block, at) => (
        <BlockView key={at} block={block} />
      ))}
    </article>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      return block.level === 1 ? (
        <h2 class="page-title">
          <InlineView inline={block.inline} />
        </h2>
      ) : (
        <h3>
          <InlineView inline={block.inline} />
        </h3>
      );
    case 'paragraph':
      return (
        <p>
          <InlineView inline={block.inline} />
        </p>
      );
    case 'list':
      return (
        <ul>
          {block.items.map((item, at) => (
            <li key={at}>
              <InlineView inline={item} />
            </li>
          ))}
        </ul>
      );
    case 'code':
      return <pre>{block.text}</pre>;
  }
}

/** Links lead out of rule pages only: they are ours, not a server's. */
function InlineView({ inline }: { inline: readonly Inline[] }) {
  return (
    <>
      {inline.map((part, at) => {
        switch (part.kind) {
          case 'code':
            return <code key={at}>{part.text}</code>;
          case 'strong':
            return <strong key={at}>{part.text}</strong>;
          case 'link':
            return (
              <a key={at} href={part.url} target="_blank" rel="noopener noreferrer">
                {part.text}
              </a>
            );
          default:
            return part.text;
        }
      })}
    </>
  );
}
