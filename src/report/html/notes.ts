import type { Analysis } from '../analysis.ts';
import { inOrder } from '../notes.ts';
import { html, type Markup } from './markup.ts';
import { requestWords } from './words.ts';

/** What the person who recorded the session wrote, each note beside the exchange it is about. */
export function notes({ notes: { notes: all }, story, exchanges }: Analysis): Markup {
  if (all.length === 0) return html``;
  const items = inOrder(all).map(({ entry, text, pinned }) => {
    const exchange = entry === null ? undefined : exchanges[entry];
    const place =
      exchange === undefined
        ? 'The session'
        : html`#${exchange.entry} <code>${requestWords(exchange, story.roles.get(exchange.entry) ?? null, story)}</code>`;
    return html`<li><p class="soft small">${place}${pinned ? ' · pinned' : ''}</p>${text === '' ? null : html`<p class="note-text">${text}</p>`}</li>`;
  });
  return html`<ul class="notes">${items}</ul>`;
}
