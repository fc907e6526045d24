import type { Har, HarEntry, NameValue } from '../../src/cli/record/har.ts';

/**
 * Header fields that tell of the machine and the browser, or of connections: no story rests on them. Those that say
 * how much of a body there was (`Content-Length`, `Transfer-Encoding`) stay, for a recorder may have lost it.
 */
const machine: ReadonlySet<string> = new Set([
  ...['accept-encoding', 'accept-language', 'connection', 'etag', 'host', 'keep-alive', 'pragma', 'vary'],
  ...['upgrade-insecure-requests', 'user-agent', 'x-powered-by', 'content-security-policy'],
  'access-control-allow-methods',
]);
const families = ['sec-', 'x-'];
/** Bodies that no story about authorization needs: pages, styles, pictures. */
const documents = ['text/html', 'text/css', 'image/', 'font/'];

/** What a navigation to a page of the authorization server carries besides: the sign-in's own cookies, what a browser can show. */
const navigation: ReadonlySet<string> = new Set(['accept', 'cookie', 'set-cookie', 'cache-control']);

/** What every fetch accepts, unless it says otherwise. */
const anything = { name: 'accept', value: '*/*' };

function kept(headers: readonly NameValue[], isDocument: boolean): NameValue[] {
  const origin = headers.find(({ name }) => name.toLowerCase() === 'origin')?.value;
  return headers.filter(({ name, value }) => {
    const lower = name.toLowerCase();
    if (lower === anything.name && value === anything.value) return false;
    if (lower === 'referer' && value === `${origin}/`) return false;
    if (machine.has(lower) || (isDocument && navigation.has(lower))) return false;
    return !families.some((family) => lower.startsWith(family));
  });
}

/**
 * A recording for the repository: what the traffic says and nothing of the machine it was recorded on. Scripts are
 * left out, lists that repeat the headers or the address are emptied, and the numbers of requests are counted anew.
 */
export function slim(har: Har): Har {
  const numbers = new Map<string, string>();
  const numbered = (id: string): string => {
    const number = numbers.get(id) ?? String(numbers.size + 1);
    numbers.set(id, number);
    return number;
  };
  const { pages, entries, ...log } = har.log;
  const told = entries.filter(({ _resourceType }) => _resourceType !== 'script');
  for (const { _requestId } of told) numbered(_requestId);
  const used = new Set(told.map(({ pageref }) => pageref));
  return {
    log: {
      ...log,
      browser: { name: 'Chromium', version: har.log.browser.version.split('.')[0] ?? '' },
      pages: pages.filter(({ id }) => used.has(id)),
      entries: told.map((entry) => slimEntry(entry, numbered)),
    },
  };
}

function slimEntry(entry: HarEntry, numbered: (id: string) => string): HarEntry {
  const { request, response, _initiator } = entry;
  const { content, _error } = response;
  const isDocument = entry._resourceType === 'document';
  const isStatic = documents.some((part) => content.mimeType.includes(part));
  const time = Math.round(entry.time);
  return {
    pageref: entry.pageref,
    startedDateTime: entry.startedDateTime,
    time,
    request: { ...request, headers: kept(request.headers, isDocument), queryString: [], cookies: [] },
    response: {
      status: response.status,
      statusText: response.statusText,
      httpVersion: response.httpVersion,
      headers: kept(response.headers, isDocument),
      cookies: [],
      content: isStatic ? { size: content.size, mimeType: content.mimeType } : content,
      redirectURL: response.redirectURL,
      headersSize: -1,
      bodySize: -1,
      ...(_error ? { _error } : {}),
    },
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
    _resourceType: entry._resourceType,
    _initiator: {
      type: _initiator.type,
      ...(_initiator.requestId === undefined ? {} : { requestId: numbered(_initiator.requestId) }),
    },
    _requestId: numbered(entry._requestId),
  };
}

/** The text of a HAR with a line for each entry, so that a difference can be read. */
export function harText({ log: { entries, ...log } }: Har): string {
  const head = JSON.stringify(log).slice(0, -1);
  return `{"log":${head},"entries":[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]}}\n`;
}
