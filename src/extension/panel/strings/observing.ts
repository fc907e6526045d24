/** Looking closer at a site, in words; part of the catalogue in strings.ts. */
export const observingWords = {
  title: 'Look closer at a site',
  about:
    'On the sites chosen here a script in the page tells which header fields the page’s own script could read, and when each chunk of a stream came: names, lengths and event ids, no values and no bodies. It begins when the page is loaded again; once stopped it is heard no more.',
  none: 'No page of this session has spoken to an MCP server yet.',
  forbidden: 'Users sign in there: never looked at.',
  start: 'Look closer',
  startAt: (origin: string) => `Look closer at ${origin}`,
  stop: 'Stop',
  stopAt: (origin: string) => `Stop looking closer at ${origin}`,
  on: 'looked at closely',
  frames: 'in frames too',
  inTab: 'This browser asks for permissions only in a tab: “Choose in a tab” above opens one for this session’s sites.',
  refused: 'The browser did not permit it.',
  view: 'What the page’s script saw',
  failed: (error: string) => `It was given no answer: ${error}.`,
  readable: (names: readonly string[]) =>
    names.length === 0 ? 'It could read no header field.' : `It could read ${names.join(', ')}.`,
  hidden: 'It could not read WWW-Authenticate: CORS hid the challenge from it.',
  read: 'It could read WWW-Authenticate.',
  chunks: (count: number, length: number) =>
    `${count === 1 ? '1 chunk' : `${count} chunks`} of the stream reached it, ${length} bytes or characters.`,
  latest: (ids: readonly string[]) => `Latest event ids: ${ids.join(', ')}.`,
  forged: 'Reported by the page itself, which could forge it: it decides no verdict.',
} as const;

/** Watching what the network log does not show, in words. */
export const watchingWords = {
  title: 'Popups, workers and open streams',
  about:
    'The network log of DevTools shows none of them. With your permission the extension watches requests (webRequest, webNavigation) on the sites you choose; what it sees stays in the memory of the browser, and is gone with it. A sign-in may lead to a site that this session has not shown yet: all sites miss nothing.',
  now: {
    none: 'Not watched.',
    sites: 'Watched on this session’s sites.',
    all: 'Watched on all sites.',
  },
  all: 'Watch on all sites',
  sites: (number: number) => `Watch on this session’s sites only (${number})`,
  stop: 'Stop, and give the permission back',
  refused: 'The permission was not given.',
  forbidden: 'An administrator’s policy forbids it.',
  inTab: 'Choose in a tab',
} as const;
