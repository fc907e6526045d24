import { asObject, fieldOf, type Json } from './har-json.ts';
import { relevanceOf } from './relevance.ts';
import { type Details, follow, type Hop } from './webrequest.ts';

/**
 * What the beginning of an answer alone tells of a request: for a tab whose network log brings everything once it has
 * ended, only streams need telling sooner. Its time is that of the answer; what was sent is unknown, not empty.
 * Null for what the network log tells soon enough, and for what no rule needs.
 */
export function glimpsed(details: Details): Hop | null {
  const hop = follow('answered', details, follow('before', details, null));
  if (hop === null) return null;
  const streams = (fieldOf(asObject(hop.entry.response), 'content-type') ?? '').startsWith('text/event-stream');
  // No log brings what is no tab's.
  if (!streams && (hop.tab >= 0 || relevanceOf(hop.entry) === 'none')) return null;
  const { _pending: _, ...ended } = hop.entry;
  const entry: Json = { ...(streams ? hop.entry : ended), _glimpsed: true };
  return { ...hop, id: glimpseId(hop.id), ended: !streams, entry };
}

/** The id of a glimpse of a record's request: who saw it from the beginning on calls it by when that was. */
export function glimpseId(id: string): string {
  return `${id.slice(0, id.indexOf('.'))}.~${id.slice(id.lastIndexOf('.'))}`;
}
