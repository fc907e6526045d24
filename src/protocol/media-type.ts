/** The type/subtype of a media type, lower case, parameters dropped (RFC 9110 section 8.3.1). */
export function mediaType(text: string): string {
  const semicolon = text.indexOf(';');
  return (semicolon < 0 ? text : text.slice(0, semicolon)).trim().toLowerCase();
}

/** `application/json` or a `+json` type (RFC 6839 section 3.1). */
export function isJsonType(text: string): boolean {
  const type = mediaType(text);
  return type === 'application/json' || type === 'text/json' || type.endsWith('+json');
}

/** `text/event-stream` (WHATWG HTML section 9.2). */
export function isEventStreamType(text: string): boolean {
  return mediaType(text) === 'text/event-stream';
}
