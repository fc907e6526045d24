import { fieldOf, type Json } from './har-json.ts';
import { relevanceOf } from './relevance.ts';
import { type Details, follow, type Hop } from './webrequest.ts';

/**
 * What the beginning of an answer alone tells of a request: for a tab whose network log brings everything once it has
 * ended, only streams need telling sooner. Its time is that of the answer; what was sent is unknown, not empty.
 * Null for what the network log tells soon enough, and for what no rule needs.
 */
export function glimpsed(details: Details): Hop | null {
  // Of most requests nothing more is done than this.
  const streams = isStream(details);
  if (!streams && details.tabId >= 0) return null;
  const hop = follow('answered', details, follow('before', details, null));
  // No log brings what is no tab's.
  if (hop === null || (!streams && relevanceOf(hop.entry) === 'none')) return null;
  const { _pending: _, ...ended } = hop.entry;
  const entry: Json = { ...(streams ? hop.entry : ended), _glimpsed: true };
  return { ...hop, id: glimpseId(hop.id), ended: !streams, entry };
}

function isStream({ responseHeaders }: Details): boolean {
  return (fieldOf({ headers: responseHeaders }, 'content-type') ?? '').toLowerCase().startsWith('text/event-stream');
}

/** The id of a glimpse of a record's request: who saw it from the beginning on calls it by when that was. */
export function glimpseId(id: string): string {
  return `${id.slice(0, id.indexOf('.'))}.~${id.slice(id.lastIndexOf('.'))}`;
}
