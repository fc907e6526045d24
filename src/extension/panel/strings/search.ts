import type { SearchField } from '../view/search/parse.ts';

const fields: Readonly<Record<SearchField, string>> = {
  server: 'URL of an MCP server',
  issuer: 'an authorization server',
  client: 'a client_id',
  grant: 'a sign-in (g1), or its cause: initial, 401, step-up',
  status: '401, 4xx, >=500',
  method: 'GET, or tools/call',
  tool: 'name of a tool',
  rule: 'a rule',
  level: 'error, warning, note',
  kind: 'fail, open, pass, informational',
  party: 'who is at fault',
  token: 'at-1, or access, refresh, id',
  scope: 'challenged, requested or granted',
  has: 'finding, error, challenge, token, note, pin',
  before: '#14, 12s, 10:30, a date',
  after: '#14, 12s, 10:30, a date',
};

/** The search and its language; part of the catalogue in strings.ts. */
export const searchWords = {
  label: 'Search',
  hint: 'Search: server: status:401 rule: -kind:pass "exact words"',
  completions: 'Completions',
  history: 'earlier search',
  fields,
  clear: 'Clear the search',
  language: 'Several words: all must fit. A comma: either. A minus: not. Quotes: exactly.',
} as const;
