import type { HarEntry, NameValue } from '../../../src/cli/record/har.ts';

/** `fetch` as the official SDKs take it. */
export type Fetch = (input: string | URL, init?: RequestInit) => Promise<Response>;

/** How long a recording waits for bodies that are still open when the client has finished, in milliseconds. */
const patience = 500;

const listed = (headers: Headers): NameValue[] => [...headers].map(([name, value]) => ({ name, value }));

const mediaType = (headers: Headers): string => headers.get('content-type') ?? '';

/** Records what goes through its `fetch` as HAR entries, in the order in which requests start. */
export class HttpRecorder {
  readonly #entries: (HarEntry | undefined)[] = [];
  readonly #open = new Set<Promise<void>>();

  /** Sends a request and records it with its answer; a request that fails is recorded with status 0. */
  readonly fetch: Fetch = async (input, init = {}) => {
    const place = this.#entries.push(undefined) - 1;
    const started = Date.now();
    const request = new Request(input, init);
    const sent = await request.clone().text();
    try {
      const response = await fetch(input, init);
      const copy = response.clone();
      this.#entries[place] = entry(request, sent, started, copy, '');
      const body = copy.text().then(
        (text) => {
          this.#entries[place] = entry(request, sent, started, copy, text);
        },
        () => undefined,
      );
      this.#open.add(body);
      void body.finally(() => this.#open.delete(body));
      return response;
    } catch (error) {
      this.#entries[place] = entry(request, sent, started, Response.error(), '');
      throw error;
    }
  };

  /** Everything recorded, once the bodies have come or a stream has been waited for in vain. */
  async entries(): Promise<readonly HarEntry[]> {
    const rest = new Promise((resolve) => setTimeout(resolve, patience));
    await Promise.race([Promise.all(this.#open), rest]);
    return this.#entries.filter((recorded) => recorded !== undefined);
  }
}

function entry(request: Request, sent: string, started: number, response: Response, text: string): HarEntry {
  const time = Date.now() - started;
  const status = response.type === 'error' ? 0 : response.status;
  return {
    pageref: 'client',
    startedDateTime: new Date(started).toISOString(),
    time,
    request: {
      method: request.method,
      url: request.url,
      httpVersion: 'http/1.1',
      headers: listed(request.headers),
      queryString: [],
      cookies: [],
      headersSize: -1,
      bodySize: Buffer.byteLength(sent),
      ...(sent === '' ? {} : { postData: { mimeType: mediaType(request.headers), text: sent } }),
    },
    response: {
      status,
      statusText: response.statusText,
      httpVersion: 'http/1.1',
      headers: listed(response.headers),
      cookies: [],
      content: { size: Buffer.byteLength(text), mimeType: mediaType(response.headers), text },
      redirectURL: response.headers.get('location') ?? '',
      headersSize: -1,
      bodySize: -1,
      ...(status === 0 ? { _error: 'failed' } : {}),
    },
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
    _resourceType: 'fetch',
    _initiator: { type: 'other' },
    _requestId: '',
  };
}
