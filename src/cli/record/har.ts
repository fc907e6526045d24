/** The parts of HAR 1.2 that the recorder writes, with Chrome's `_` fields where they fit. */
export interface NameValue {
  readonly name: string;
  readonly value: string;
}

export interface HarContent {
  readonly size: number;
  readonly mimeType: string;
  readonly text?: string;
  readonly encoding?: 'base64';
}

export interface HarEntry {
  readonly pageref: string;
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly httpVersion: string;
    readonly headers: readonly NameValue[];
    readonly queryString: readonly NameValue[];
    readonly cookies: readonly NameValue[];
    readonly headersSize: number;
    readonly bodySize: number;
    readonly postData?: { readonly mimeType: string; readonly text: string };
  };
  readonly response: {
    readonly status: number;
    readonly statusText: string;
    readonly httpVersion: string;
    readonly headers: readonly NameValue[];
    readonly cookies: readonly NameValue[];
    readonly content: HarContent;
    readonly redirectURL: string;
    readonly headersSize: number;
    readonly bodySize: number;
    readonly _transferSize?: number;
    readonly _error?: string | null;
  };
  readonly cache: Record<string, never>;
  readonly timings: Record<'send' | 'wait' | 'receive', number> &
    Partial<Record<'blocked' | 'dns' | 'connect' | 'ssl', number>>;
  readonly serverIPAddress?: string;
  readonly connection?: string;
  readonly _resourceType: string;
  readonly _initiator: { readonly type: string; readonly url?: string; readonly requestId?: string };
  readonly _requestId: string;
}

export interface Har {
  readonly log: {
    readonly version: '1.2';
    readonly creator: { readonly name: string; readonly version: string };
    readonly browser: { readonly name: string; readonly version: string };
    readonly pages: readonly {
      readonly id: string;
      readonly title: string;
      readonly startedDateTime: string;
      readonly pageTimings: Record<string, never>;
    }[];
    readonly entries: readonly HarEntry[];
  };
}

/** Headers as a list; values that CDP joins by newlines (several fields of one name) become several again. */
export function headerList(headers: Readonly<Record<string, string>>): NameValue[] {
  return Object.entries(headers).flatMap(([name, joined]) => joined.split('\n').map((value) => ({ name, value })));
}

/** The first value of a header, by its name without regard to case. */
export function headerValue(headers: readonly NameValue[], name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name)?.value;
}

/** The cookies of a `Cookie` header, or the names and values of `Set-Cookie` headers. */
export function cookieList(headers: readonly NameValue[], header: 'cookie' | 'set-cookie'): NameValue[] {
  const pairs = headers
    .filter(({ name }) => name.toLowerCase() === header)
    .flatMap(({ value }) => (header === 'cookie' ? value.split(';') : [value.split(';', 1)[0] ?? '']));
  return pairs.map((pair) => {
    const [name = '', ...rest] = pair.trim().split('=');
    return { name, value: rest.join('=') };
  });
}
