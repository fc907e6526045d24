import type { Exchange } from '../../../exchange/exchange.ts';
import { readTarget } from '../../../protocol/url.ts';

/**
 * What to filter a browser's Network panel by to find an exchange: host, method and path, as both browsers read them.
 * The query stays out: it may hold secrets, and the panel remembers its filter.
 */
export function networkFilter({ url, method, response }: Exchange): string {
  const target = readTarget(url);
  const words = [`method:${method}`];
  if (response.status > 0) words.push(`status-code:${response.status}`);
  if (target !== null) words.push(`domain:${target.host.replace(/:\d+$/, '')}`, target.path);
  // A space would begin another word, and a minus at the beginning exclude.
  return words.filter((word) => /^[!-,.-~][!-~]*$/.test(word)).join(' ');
}
