import { fieldOf } from './har-json.ts';
import type { Details } from './webrequest.ts';

/** Methods with which `Origin` goes along only where script asks another origin. */
const safe = ['GET', 'HEAD'];

/**
 * What was sent, with the `Origin` that Chromium leaves out where not every header field was asked for: script's requests
 * carry that of what asked (Fetch standard, "append a request `Origin` header"). None where script may have asked
 * without it: a document, and a GET of its own origin.
 */
export function withOrigin(details: Details): Details {
  const { type, method, url, initiator, requestHeaders } = details;
  if (initiator === undefined || type === 'main_frame' || type === 'sub_frame') return details;
  if (!Array.isArray(requestHeaders) || fieldOf({ headers: requestHeaders }, 'origin') !== null) return details;
  const isSame = URL.canParse(url) && new URL(url).origin === initiator;
  if (isSame && safe.includes(method)) return details;
  return { ...details, requestHeaders: [...requestHeaders, { name: 'Origin', value: initiator }] };
}
