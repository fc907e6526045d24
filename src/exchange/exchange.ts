/**
 * One HTTP exchange: the only input of everything below. Whatever captured it
 * (a HAR file, devtools.network, webRequest) is read once, leniently, into this
 * strict shape; what was absent or malformed is a Problem, never a guess.
 */
export interface Exchange {
  /** Zero-based index in the input's `log.entries` (in a live session: order of arrival). */
  readonly entry: number;
  /** When the request was sent: milliseconds since the epoch, fractions kept; the entry before's when unknown. */
  readonly sent: number;
  /** When the response had ended (`sent` + HAR `time`); equals `sent` when the duration is unknown. */
  readonly answered: number;
  /** Upper case, e.g. `POST`; empty when the input has none. */
  readonly method: string;
  /** The request URL as recorded, fragment included. */
  readonly url: string;
  readonly request: HttpMessage;
  /**
   * Not all header fields of the request are recorded, so that none is missing because it was not sent: from HAR
   * `_headersLeftOut`, or a script's POST without the `Origin` that it always carries (Fetch standard, "append a
   * request `Origin` header").
   */
  readonly headersLeftOut: boolean;
  readonly response: HttpResponse;
  /** The transport's own word for a failure (`net::ERR_FAILED`), from `_error` or `_failureText`. */
  readonly error: string | null;
  /** What the browser called it: `document`, `fetch`, `xhr`, `preflight`, ...; lower case. */
  readonly resourceType: string | null;
  /** Served from a cache (or revalidated by 304): evidence of content, not of a request. */
  readonly fromCache: boolean;
  /** The page or tab it belongs to (HAR `pageref`, `_tab`), null when not said. */
  readonly page: string | null;
  readonly part: Part;
  /** The answer has not ended (an open stream), as far as the capture saw: from HAR `_pending`. */
  readonly pending: boolean;
  /** What kind of context made it, from HAR `_context`; null when not said. */
  readonly context: Context | null;
  /**
   * The recorded exchange whose body this one was unwrapped from (a proxy's envelope);
   * null for what was recorded itself. Both have the same `entry`.
   */
  readonly envelope: Exchange | null;
}

/**
 * What kind of record this is. Only `request` is a client's own request:
 * a `preflight` is the browser's (Fetch, CORS-preflight); a `twin` is the second
 * record of a request that passed through a service worker, or that two ways of capture saw (`_twin`).
 */
export type Part = 'request' | 'preflight' | 'twin';

/** Where a request came from. `popup`: a window or tab that a page of the session opened; `worker`: a dedicated one. */
export type Context = (typeof contexts)[number];
export const contexts = ['page', 'popup', 'frame', 'worker', 'service-worker', 'shared-worker'] as const;

export interface HttpMessage {
  readonly headers: HeaderFields;
  readonly body: Content;
}

export interface HttpResponse extends HttpMessage {
  /** HTTP status; 0 when no response was seen (blocked, aborted, refused). */
  readonly status: number;
  readonly statusText: string;
  /** Target of a redirect: `Location`, else HAR `redirectURL`; null when there is none. */
  readonly location: string | null;
}

/** Header fields in wire order; look them up with `header` and `headerValues`. */
export type HeaderFields = readonly HeaderField[];
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/**
 * A body as far as the record shows it.
 * `whole`: text is all of it. `cut`: text is its beginning. `absent`: there was none.
 * `missing`: there was (or may have been) one, the record does not hold it.
 * `binary`: it is not text.
 */
export interface Content {
  readonly state: 'whole' | 'cut' | 'absent' | 'missing' | 'binary';
  /** It was looked through before it was dropped, and no word of OAuth or MCP stood in it. */
  readonly unmarked?: true;
  /** Decoded text; empty unless `whole` or `cut`. */
  readonly text: string;
  /** Media type without parameters, lower case; empty when not said. */
  readonly mimeType: string;
  /** Size in bytes as recorded, else null. */
  readonly size: number | null;
}

/** Something in the input that could not be taken as it stood. */
export interface Problem {
  /** Index in `log.entries`; -1 for the log itself. */
  readonly entry: number;
  /** Path inside the entry, e.g. `response.headers`. */
  readonly field: string;
  readonly problem: string;
}

/** All values of a header field, in order. Field names are case-insensitive (RFC 9110 section 5.1). */
export function headerValues(headers: HeaderFields, name: string): string[] {
  const wanted = name.toLowerCase();
  const values: string[] = [];
  for (const header of headers) {
    // Lengths differ far more often than letters.
    if (header.name.length === wanted.length && header.name.toLowerCase() === wanted) values.push(header.value);
  }
  return values;
}

/** The header field's combined value (RFC 9110 section 5.2), null when the field is not there. */
export function header(headers: HeaderFields, name: string): string | null {
  const values = headerValues(headers, name);
  return values.length === 0 ? null : values.join(', ');
}
