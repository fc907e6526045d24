import { asObject, fieldsOf, fuller, type Json, textOf, together } from './har-json.ts';

/**
 * One entry with all that was seen of a request: `main`, the page's side of it (its body), and webRequest's (header
 * fields that the network log leaves out for workers, a body that was sent, an answer that CORS kept from script).
 */
export function unionOf(main: Json, page: Json | null, wire: Json | null, alone: boolean): Json {
  const { _sent: _, _glimpsed: __, ...base } = main;
  // Of no tab, and in no network log: a worker's, of which kind nothing tells.
  if (alone) return base._tab === undefined && base._context === undefined ? { ...base, _context: 'worker' } : base;
  if (page === null && wire === null) return base;
  const request = asObject(base.request);
  const response = asObject(base.response);
  const [asked, answered] = [asObject(wire?.request), asObject(wire?.response)];
  const body = bodyOf(response) ?? bodyOf(asObject(page?.response));
  const blind = !response.status && answered.status;
  const shown = blind ? { ...response, ...answered } : response;
  const union: { [key: string]: unknown } = {
    ...base,
    request: {
      ...request,
      url: longer(request.url, asked.url),
      headers: together(fieldsOf(request), fieldsOf(asked)),
      ...(isTextBody(asObject(request.postData)) || asked.postData === undefined ? {} : { postData: asked.postData }),
    },
    response: {
      ...shown,
      headers: together(fieldsOf(response), fieldsOf(answered)),
      ...(body === null ? {} : { content: body }),
      redirectURL: longer(response.redirectURL, answered.redirectURL),
    },
  };
  for (const name of ['_tab', '_context', '_error', '_initiator', '_resourceType'])
    if (!given(union[name]) && given(wire?.[name])) union[name] = wire?.[name];
  // Seen by the page's own log and by no tab's: only a service worker's requests are.
  if (wire !== null && wire._tab === undefined && wire._context === undefined) union._context = 'service-worker';
  return union;
}

/** A record that came again, later: perhaps from another who watches, and saw fewer of its header fields. */
export function laterOf(before: Json, now: Json): Json {
  const side = (name: 'request' | 'response'): Json => {
    const message = asObject(now[name]);
    return { ...message, headers: fuller(fieldsOf(message), fieldsOf(asObject(before[name]))) };
  };
  const { _headersLeftOut: inPart, ...rest } = now;
  const leftOut = inPart === true && before._headersLeftOut === true;
  return {
    ...rest,
    request: side('request'),
    response: side('response'),
    ...(leftOut ? { _headersLeftOut: true } : {}),
  };
}

export function isTextBody(postData: Json): boolean {
  return textOf(postData.text) !== '';
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function bodyOf(response: Json): Json | null {
  const content = asObject(response.content);
  return textOf(content.text) === '' ? null : content;
}

/** The address with its fragment, where one record left it out. */
function longer(one: unknown, other: unknown): string {
  const [a, b] = [textOf(one), textOf(other)];
  return b.startsWith(`${a}#`) || a === '' ? b : a;
}
