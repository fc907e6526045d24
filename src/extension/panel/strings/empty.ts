/** States before there is something to show, and where it could not be shown; part of the catalogue in strings.ts. */
export const emptyWords = {
  empty: {
    waiting: 'Watching this tab',
    waitingText:
      'Every request of this page is recorded from the moment DevTools opened, whether or not this panel is shown. Nothing leaves this machine.',
    steps:
      'Reload the page, connect it to an MCP server and sign in. The story of the authorization appears here as it happens.',
    reload: 'Reload the page',
    watched: 'Watched',
    watchedList: [
      'every request of this tab, its frames, dedicated workers and downloads',
      'headers and bodies as they travelled, also where CORS hides them from the page',
    ],
    notWatched: 'Not watched from here',
    notWatchedList: [
      'sign-in popups and other tabs: DevTools shows one tab',
      'shared workers, and streams that are still open: the browser tells of them later or never',
      'what happened before DevTools opened: reload the page',
    ],
    widen: 'What it cannot see, and what mends it',
    seenTitle: 'Seen instead',
    seenAt: (name: string, count: number) => `${count} × ${name}`,
    seenElsewhere: (hosts: number) => `and ${hosts} other hosts`,
    seenKinds: (json: number, authorized: number) =>
      `${json} with JSON, ${authorized} with an Authorization header; no JSON-RPC, no OAuth metadata and no token endpoint of an MCP server among them.`,
    pausedTitle: 'Recording is paused',
    pausedText: 'Requests that finish now are not kept.',
    resume: 'Resume recording',
    none: 'No MCP traffic yet',
    noneText: (seen: number) =>
      `${seen === 1 ? 'One exchange was recorded, and it is not' : `${seen} exchanges were recorded, none of them is`} MCP or OAuth for an MCP server. Connect the page to an MCP server; if another program talks to it, record that program and import its HAR file.`,
    fileTitle: 'No exchange in this recording',
    fileText: (name: string) => `${name} is a HAR file without entries. Its recorder saw nothing, or kept nothing.`,
    showAll: 'Show all traffic',
    page: 'Open a recorded session',
    pageText: 'Drop a HAR file anywhere on this page. It is read here and goes nowhere.',
    open: 'Open HAR file',
    sample: 'Open the sample session',
    sampleText: 'The sample is a real client that forgets its scopes at every step-up.',
  },
  failed: {
    import: (files: number) => (files === 1 ? 'The file could not be opened' : `${files} files could not be opened`),
    importHelp:
      'HAR files of any recorder will do, also compressed (.gz, .zip) or cut off. Whatever else was chosen is open.',
    problems: 'What could not be read',
    problemsAbout: 'Everything else was read and analysed; what rests on these fields stays open.',
    file: 'File',
    entry: 'Exchange',
    field: 'Field',
    problem: 'What is wrong',
    whole: 'whole file',
    none: '–',
    more: (count: number) => `and ${count} more`,
    analysis: (reason: string) => `could not be analysed (${reason})`,
    export: 'The session could not be saved',
    close: 'Close',
  },
} as const;
