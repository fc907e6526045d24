import type { Party } from '../rules/outcome.ts';
import type { ResultExpectation } from './result.ts';

/** Parties as a reader calls them. */
export const partyNames: Readonly<Record<Party, string>> = {
  client: 'client',
  server: 'MCP server',
  'authorization-server': 'authorization server',
};

/** `1 error`, `2 errors`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** Milliseconds in the unit a person would choose: `182 ms`, `1.4 s`, `12 min`, `3 h`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return 'unknown time';
  if (Math.abs(ms) < 1000) return `${Math.round(ms)} ms`;
  if (Math.abs(ms) < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (Math.abs(ms) < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  if (Math.abs(ms) < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}

/** What became of a fault that a configuration expects. */
export const expectationWords: Readonly<Record<ResultExpectation['state'], string>> = {
  happens: 'happens, as expected',
  expired: 'has expired: the fault counts again',
  undecided: 'could not be decided',
  gone: 'no longer happens',
};

/** An id as words: `token response`. */
export function words(id: string): string {
  return id.replaceAll('-', ' ');
}
