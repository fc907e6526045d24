import type { ScriptReport } from '../../capture/script-report.ts';
import { offerPort } from './handshake.ts';

/*
 * Runs in the page's own world, before its scripts, on the sites that the user chose. Tells what the page's script could
 * read of its answers and when stream chunks came: names of header fields, lengths, event ids; never a value or a body.
 *
 * It must not be felt. Whatever the page calls is called with the page's own arguments, at once, and its own result is
 * handed back; nothing is cloned, teed or read here. What is used later is taken now, so that a page that replaces it
 * neither notices nor is noticed.
 */
const { apply, construct, getOwnPropertyDescriptor, defineProperty } = Reflect;
const { now } = Date;
const { floor, random } = Math;
const { stringify } = JSON;
const later = setTimeout.bind(window);
const whenIdle = requestIdleCallback.bind(window);
const listen = EventTarget.prototype.addEventListener;
const then = Promise.prototype.then;
const eachHeader = Headers.prototype.forEach;
const oneHeader = Headers.prototype.get;
const allHeaders = XMLHttpRequest.prototype.getAllResponseHeaders;
const Address = URL;

/** The getter of a property as the browser made it. */
function getter<T>(owner: object, name: string): (from: object) => T {
  const get = getOwnPropertyDescriptor(owner, name)?.get;
  return (from) => (get === undefined ? (undefined as T) : (apply(get, from, []) as T));
}
const requestUrl = getter<string>(Request.prototype, 'url');
const requestMethod = getter<string>(Request.prototype, 'method');
const hrefOf = getter<string>(URL.prototype, 'href');
const responseUrl = getter<string>(Response.prototype, 'url');
const responseType = getter<string>(Response.prototype, 'type');
const responseStatus = getter<number>(Response.prototype, 'status');
const responseHeaders = getter<Headers>(Response.prototype, 'headers');
const responseBody = getter<ReadableStream | null>(Response.prototype, 'body');
const xhrUrl = getter<string>(XMLHttpRequest.prototype, 'responseURL');
const xhrStatus = getter<number>(XMLHttpRequest.prototype, 'status');
const messageData = getter<unknown>(MessageEvent.prototype, 'data');
const messageId = getter<string>(MessageEvent.prototype, 'lastEventId');
const byteLength = getter<number>(Object.getPrototypeOf(Uint8Array.prototype), 'byteLength');

/** Milliseconds in which reports gather before they go out together, and in which the page must let them. */
const gathering = 100;
const patience = 400;
/** Reports kept for one sending; chunks beyond are only counted by what follows them. */
const mostReports = 1_000;

const sendText = offerPort();
/** What is to be told: read, or still to be read where an answer's fields stay as they are. */
let waiting: (ScriptReport | (() => ScriptReport | null))[] = [];
/** A tab shows one document after the other, and one that comes back counts on: each begins somewhere else. */
let requests = floor(random() * 2 ** 31);

function tell(report: ScriptReport | (() => ScriptReport | null)): void {
  if (waiting.length >= mostReports) return;
  if (waiting.length === 0) later(soon, gathering);
  waiting[waiting.length] = report;
}

/** The page's own work goes first. */
function soon(): void {
  whenIdle(send, { timeout: patience });
}

function send(): void {
  if (waiting.length === 0) return;
  const reports: ScriptReport[] = [];
  for (let at = 0; at < waiting.length; at += 1) {
    const report = waiting[at];
    const read = typeof report === 'function' ? report() : report;
    if (read != null) reports[reports.length] = read;
  }
  waiting = [];
  if (reports.length > 0) sendText(stringify(reports));
}

/** Puts `handler` before a method of the browser; whatever it looks like from outside stays as it was. */
function around<T extends object>(owner: T, name: keyof T & string, handler: ProxyHandler<object>): void {
  const property = getOwnPropertyDescriptor(owner, name);
  if (property === undefined || typeof property.value !== 'function' || property.configurable !== true) return;
  defineProperty(owner, name, { ...property, value: new Proxy(property.value, handler) });
}

interface Asked {
  readonly id: number;
  readonly at: number;
  readonly method: string;
  readonly url: string;
}

/** A data property as it stands; a getter of the page is not run a second time. */
function plainValue(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? getOwnPropertyDescriptor(of, name)?.value : undefined;
}

function asked(method: unknown, url: unknown): Asked {
  requests += 1;
  return {
    id: requests,
    at: now(),
    method: typeof method === 'string' ? method.toUpperCase() : 'GET',
    url: absolute(url),
  };
}

/** The address without its fragment; empty for what only the browser may turn into one. */
function absolute(url: unknown): string {
  try {
    if (typeof url === 'string') return hrefOf(new Address(url, document.baseURI));
    if (url instanceof Address) return hrefOf(url);
  } catch {
    // Not an address: the request will fail, and the browser says so.
  }
  return '';
}

/** Streams and their readers, to the request that they belong to. */
const streams = new WeakMap<object, number>();
const readers = new WeakMap<object, number>();

function sawResponse(request: Asked, response: Response): void {
  try {
    const type = apply(oneHeader, responseHeaders(response), ['content-type']) as string | null;
    const body = type?.includes('text/event-stream') === true ? responseBody(response) : null;
    if (body !== null) streams.set(body, request.id);
    const status = responseStatus(response);
    // Script can read all of an answer of its own origin: there is nothing to tell but of refusals and streams.
    if (responseType(response) === 'basic' && body === null && status !== 401 && status !== 403) return;
    tell(() => readResponse(request, response));
  } catch {
    // A page may hand us anything; what we cannot read is not told.
  }
}

function readResponse({ id, at, method, url }: Asked, response: Response): ScriptReport | null {
  try {
    const headers: string[] = [];
    apply(eachHeader, responseHeaders(response), [
      (_value: string, name: string) => {
        headers[headers.length] = name;
      },
    ]);
    const [from, status, type] = [responseUrl(response) || url, responseStatus(response), responseType(response)];
    return { kind: 'response', via: 'fetch', id, at, method, url: from, status, type, headers };
  } catch {
    return null;
  }
}

function sawFailure({ id, at, method, url }: Asked, via: 'fetch' | 'xhr' | 'event-source', error: unknown): void {
  const name =
    plainValue(error, 'name') ??
    (error instanceof TypeError ? 'TypeError' : error instanceof DOMException ? error.name : 'Error');
  tell({ kind: 'failure', via, id, at, method, url, error: String(name) });
}

function sawChunk(id: number, value: unknown): void {
  const data =
    typeof value === 'object' && value !== null && ArrayBuffer.isView(value)
      ? null
      : (plainValue(value, 'data') ?? value);
  const length = data === null ? byteLength(value as object) : typeof data === 'string' ? data.length : 0;
  const event = plainValue(value, 'id');
  tell({ kind: 'chunk', id, at: now(), length, event: typeof event === 'string' ? event : null });
}

around(window, 'fetch', {
  apply(target, self, args: readonly unknown[]) {
    const promise = apply(target as typeof fetch, self, args) as Promise<Response>;
    const [input, init] = args;
    const isRequest = input instanceof Request;
    const request = asked(
      plainValue(init, 'method') ?? (isRequest ? requestMethod(input) : 'GET'),
      isRequest ? requestUrl(input) : input,
    );
    // The page is given this promise, not the other: one that it leaves unhandled must stay unhandled.
    return apply(then, promise, [
      (response: Response) => {
        sawResponse(request, response);
        return response;
      },
      (error: unknown) => {
        sawFailure(request, 'fetch', error);
        throw error;
      },
    ]);
  },
});

around(ReadableStream.prototype, 'getReader', {
  apply(target, self, args) {
    const reader = apply(target as () => object, self, args) as object;
    const id = streams.get(self);
    if (id !== undefined) readers.set(reader, id);
    return reader;
  },
});

around(ReadableStream.prototype, 'pipeThrough', {
  apply(target, self, args) {
    const id = streams.get(self);
    const onward = apply(target as () => object, self, args) as object;
    if (id !== undefined) streams.set(onward, id);
    return onward;
  },
});

around(ReadableStreamDefaultReader.prototype, 'read', {
  apply(target, self, args) {
    const promise = apply(target as () => object, self, args) as Promise<{ done: boolean; value?: unknown }>;
    const id = readers.get(self);
    if (id === undefined) return promise;
    return apply(then, promise, [
      (result: { done: boolean; value?: unknown }) => {
        if (!result.done) sawChunk(id, result.value);
        return result;
      },
    ]);
  },
});

const opened = new WeakMap<object, readonly [method: unknown, url: unknown]>();
around(XMLHttpRequest.prototype, 'open', {
  apply(target, self, args: readonly unknown[]) {
    const result = apply(target as () => void, self, args);
    opened.set(self, [args[0], args[1]]);
    return result;
  },
});

around(XMLHttpRequest.prototype, 'send', {
  apply(target, self, args) {
    const [method, url] = opened.get(self) ?? [];
    const request = asked(method, url);
    apply(listen, self, ['loadend', () => sawXhr(request, self), { once: true }]);
    return apply(target as () => void, self, args);
  },
});

function sawXhr(request: Asked, xhr: XMLHttpRequest): void {
  const status = xhrStatus(xhr);
  if (status === 0) {
    sawFailure(request, 'xhr', { name: 'NetworkError' });
    return;
  }
  const headers = (apply(allHeaders, xhr, []) as string).split('\r\n').map((line) => line.slice(0, line.indexOf(':')));
  const { id, at, method, url } = request;
  tell({
    kind: 'response',
    via: 'xhr',
    id,
    at,
    method,
    url: xhrUrl(xhr) || url,
    status,
    type: 'xhr',
    headers: headers.filter((name) => name !== ''),
  });
}

around(window, 'EventSource' as keyof typeof window & string, {
  construct(target, args: readonly unknown[], newTarget) {
    const source = construct(target as typeof EventSource, args, newTarget) as EventSource;
    const request = asked('GET', args[0]);
    const { id, at, method, url } = request;
    apply(listen, source, [
      'open',
      () =>
        tell({
          kind: 'response',
          via: 'event-source',
          id,
          at,
          method,
          url,
          status: 200,
          type: 'event-source',
          headers: [],
        }),
    ]);
    apply(listen, source, ['error', () => sawFailure(request, 'event-source', { name: 'Error' })]);
    apply(listen, source, [
      'message',
      (event: MessageEvent) => sawChunk(id, { data: messageData(event), id: messageId(event) }),
    ]);
    return source;
  },
});

apply(listen, window, ['pagehide', send]);
