import type { Protocol } from 'puppeteer-core';
import { cookieList, type HarContent, type HarEntry, headerList, headerValue } from './har.ts';

/** One request as the Network domain tells it; a redirect starts a new hop under the same request id. */
export interface Hop {
  readonly sent: Protocol.Network.RequestWillBeSentEvent;
  readonly pageref: string;
  /** Whether headers as sent and as received were or will be reported apart. */
  hasExtraInfo: boolean;
  sentExtra?: Protocol.Network.RequestWillBeSentExtraInfoEvent;
  receivedExtra?: Protocol.Network.ResponseReceivedExtraInfoEvent;
  response?: Protocol.Network.Response;
  postData?: string;
  content?: { text: string; base64: boolean };
  /** Encoded size on the wire, in bytes. */
  encodedLength: number;
  /** Monotonic time of the end, in seconds. */
  finished?: number;
  error?: string;
}

const rounded = (milliseconds: number): number => Math.round(Math.max(0, milliseconds) * 1000) / 1000;

function timings(hop: Hop, end: number): HarEntry['timings'] {
  const total = rounded((end - hop.sent.timestamp) * 1000);
  const timing = hop.response?.timing;
  if (!timing) return { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait: total, receive: 0 };
  const phase = (from: number, to: number) => (from < 0 || to < 0 ? -1 : rounded(to - from));
  const firstStart = [timing.dnsStart, timing.connectStart, timing.sendStart].find((start) => start >= 0) ?? 0;
  const queued = (timing.requestTime - hop.sent.timestamp) * 1000;
  return {
    blocked: rounded(queued + firstStart),
    dns: phase(timing.dnsStart, timing.dnsEnd),
    connect: phase(timing.connectStart, timing.connectEnd),
    ssl: phase(timing.sslStart, timing.sslEnd),
    send: rounded(timing.sendEnd - timing.sendStart),
    wait: rounded(timing.receiveHeadersEnd - timing.sendEnd),
    receive: rounded((end - timing.requestTime) * 1000 - timing.receiveHeadersEnd),
  };
}

function content(hop: Hop, mimeType: string): HarContent {
  const { content: body } = hop;
  if (!body) return { size: 0, mimeType };
  const size = Buffer.byteLength(body.text, body.base64 ? 'base64' : 'utf8');
  return { size, mimeType, text: body.text, ...(body.base64 ? { encoding: 'base64' } : {}) };
}

/** The HAR entry of a hop; what never came (an answer, an end) is told by status 0 and `_error`. */
export function entryOf(hop: Hop): HarEntry {
  const { sent, response, receivedExtra } = hop;
  const end = hop.finished ?? sent.timestamp;
  const url = sent.request.url;
  const requestHeaders = headerList(hop.sentExtra?.headers ?? sent.request.headers);
  const responseHeaders = headerList(receivedExtra?.headers ?? response?.headers ?? {});
  const mimeType = response?.mimeType ?? headerValue(responseHeaders, 'content-type')?.split(';')[0] ?? 'x-unknown';
  const httpVersion = response?.protocol ?? 'http/1.1';
  const postData = hop.postData;
  const query = URL.canParse(url) ? new URL(url).searchParams : new URLSearchParams();
  return {
    pageref: hop.pageref,
    startedDateTime: new Date(sent.wallTime * 1000).toISOString(),
    time: rounded((end - sent.timestamp) * 1000),
    request: {
      method: sent.request.method,
      url,
      httpVersion,
      headers: requestHeaders,
      queryString: [...query].map(([name, value]) => ({ name, value })),
      cookies: cookieList(requestHeaders, 'cookie'),
      headersSize: -1,
      bodySize: postData === undefined ? 0 : Buffer.byteLength(postData),
      ...(postData === undefined
        ? {}
        : { postData: { mimeType: headerValue(requestHeaders, 'content-type') ?? '', text: postData } }),
    },
    response: {
      status: receivedExtra?.statusCode ?? response?.status ?? 0,
      statusText: response?.statusText ?? '',
      httpVersion,
      headers: responseHeaders,
      cookies: cookieList(responseHeaders, 'set-cookie'),
      content: content(hop, mimeType),
      redirectURL: headerValue(responseHeaders, 'location') ?? '',
      headersSize: -1,
      bodySize: -1,
      _transferSize: hop.encodedLength,
      _error: hop.error ?? null,
    },
    cache: {},
    timings: timings(hop, end),
    ...(response?.remoteIPAddress ? { serverIPAddress: response.remoteIPAddress } : {}),
    ...(response?.connectionId === undefined ? {} : { connection: String(response.connectionId) }),
    _resourceType: sent.initiator.type === 'preflight' ? 'preflight' : (sent.type ?? 'Other').toLowerCase(),
    _initiator: {
      type: sent.initiator.type,
      ...(sent.initiator.url === undefined ? {} : { url: sent.initiator.url }),
      ...(sent.initiator.requestId === undefined ? {} : { requestId: sent.initiator.requestId }),
    },
    _requestId: sent.requestId,
  };
}
