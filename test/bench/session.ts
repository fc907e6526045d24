import { type HarEntry, traffic } from '../traffic/traffic.ts';

/** One sign-in or refresh after each share of the calls. */
const RENEWALS = 20;

/**
 * A long session with one MCP server: `calls` ordinary tool calls of different arguments, one sign-in, and
 * twenty refreshes, each after a 401 and with one retry, spread evenly.
 */
export function longSession(calls: number): readonly HarEntry[] {
  const log = traffic()
    .challenge({ scope: 'r' })
    .prm()
    .asm({ scopes: ['r', 'offline_access'] })
    .reg()
    .az({ scope: 'r offline_access', prompt: 'consent' })
    .tk({ scope: 'r offline_access', refresh: 'refresh-token-0-0123456789' });
  const share = Math.ceil(calls / RENEWALS);
  for (let index = 0; index < calls; index += 1) {
    log.call('search', { args: { query: `question ${index}`, limit: 10 }, after: 5, duration: 40 });
    if (index % share === share - 1)
      log
        .expired('search', { args: { query: `late ${index}` } })
        .rf()
        .call('search', { args: { query: `late ${index}` } });
  }
  return log.har().log.entries;
}
