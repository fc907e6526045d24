import { isLoopback, readPlace } from '../protocol/url.ts';

/** Whether a URL names this machine, where nothing travels that TLS would hide. */
export function isLocal(url: string): boolean {
  const place = readPlace(url);
  return place !== null && isLoopback(place.host);
}

/** Whether what is sent to a URL can be read on the way: `http:` anywhere but on this machine (guard G14). */
export function isPlaintext(url: string): boolean {
  if (url.startsWith('https:')) return false;
  const place = readPlace(url);
  return place?.protocol === 'http:' && !isLoopback(place.host);
}
