import { asFields, type Fields } from './redaction/entry.ts';

/*
 * HAR 1.2 demands fields that recorders leave out or fill carelessly, and a viewer that finds one refuses the whole
 * file. Chrome's Network panel is the strictest that is known (front_end/models/har/HARFormat.ts of devtools-frontend).
 * What stands in for a broken field is what `readHar` takes it for, so that the file is judged alike afterwards.
 */

/** The log with everything that HAR 1.2 demands; what is there and sound stays as it is. */
export function validLog(log: Fields): Fields {
  let before = '1970-01-01T00:00:00.000Z';
  const entries = listOf(log.entries).map((item) => {
    const entry = asFields(item) ?? {};
    const started = isTime(entry.startedDateTime) ? entry.startedDateTime : before;
    if (typeof started === 'string') before = started;
    return validEntry(entry, started);
  });
  return {
    version: '1.2',
    ...without(log, ['browser', 'pages']),
    creator: asFields(log.creator) ?? { name: '', version: '' },
    ...(asFields(log.browser) === null ? {} : { browser: log.browser }),
    ...(Array.isArray(log.pages) ? { pages: objects(log.pages).map((page) => validPage(page, before)) } : {}),
    entries,
  };
}

function validPage(page: Fields, started: string): Fields {
  return {
    id: '',
    title: '',
    ...page,
    startedDateTime: isTime(page.startedDateTime) ? page.startedDateTime : started,
    pageTimings: numbersOnly(asFields(page.pageTimings) ?? {}),
  };
}

function validEntry(entry: Fields, startedDateTime: unknown): Fields {
  const { _initiator, _webSocketMessages, ...rest } = entry;
  const initiator = asFields(_initiator);
  return {
    ...rest,
    startedDateTime,
    time: numberOf(entry.time, 0),
    request: validRequest(asFields(entry.request) ?? {}),
    response: validResponse(asFields(entry.response) ?? {}),
    cache: asFields(entry.cache) ?? {},
    timings: { send: 0, wait: 0, receive: 0, ...numbersOnly(asFields(entry.timings) ?? {}) },
    ...(initiator === null ? {} : { _initiator: validInitiator(initiator) }),
    ...(isMessages(_webSocketMessages) ? { _webSocketMessages } : {}),
  };
}

function validRequest(request: Fields): Fields {
  const { postData, ...rest } = request;
  const data = asFields(postData);
  return {
    method: '',
    url: '',
    httpVersion: '',
    ...rest,
    ...lists(request),
    queryString: objects(request.queryString),
    headersSize: numberOf(request.headersSize, -1),
    bodySize: numberOf(request.bodySize, -1),
    ...(data === null
      ? {}
      : { postData: Array.isArray(data.params) ? { ...data, params: objects(data.params) } : data }),
  };
}

function validResponse(response: Fields): Fields {
  const { _transferSize, ...rest } = response;
  const content = asFields(response.content) ?? { mimeType: '' };
  return {
    statusText: '',
    httpVersion: '',
    ...rest,
    status: numberOf(response.status, 0),
    ...lists(response),
    content: {
      ...without(content, ['compression']),
      ...numbersOnly(pick(content, 'compression')),
      size: numberOf(content.size, -1),
    },
    redirectURL: typeof response.redirectURL === 'string' ? response.redirectURL : '',
    headersSize: numberOf(response.headersSize, -1),
    bodySize: numberOf(response.bodySize, -1),
    ...numbersOnly(pick(response, '_transferSize')),
  };
}

/** Header fields and cookies; a cookie's expiry is a time or is not told. */
function lists(message: Fields): Fields {
  const cookies = objects(message.cookies).map((cookie) =>
    !cookie.expires || isTime(cookie.expires) ? cookie : without(cookie, ['expires']),
  );
  return { cookies, headers: objects(message.headers) };
}

/** What asked for the request, as Chrome writes it: with stacks of script calls. */
function validInitiator(initiator: Fields): Fields {
  return {
    ...without(initiator, ['lineNumber', 'stack']),
    ...numbersOnly(pick(initiator, 'lineNumber')),
    ...(isStack(initiator.stack, 0) ? { stack: initiator.stack } : {}),
  };
}

const deepestStack = 100;

function isStack(value: unknown, depth: number): boolean {
  const stack = asFields(value);
  if (stack === null || depth > deepestStack) return false;
  const frames = listOf(stack.callFrames).map(asFields);
  const isSound = frames.every(
    (frame) => frame !== null && isNumberOrNone(frame.lineNumber) && isNumberOrNone(frame.columnNumber),
  );
  return isSound && (!stack.parent || isStack(stack.parent, depth + 1));
}

function isMessages(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.map(asFields).every((one) => one !== null && isNumberOrNone(one.time) && isNumberOrNone(one.opcode))
  );
}

/** A date and time, or milliseconds, that a calendar knows. */
function isTime(value: unknown): boolean {
  return (typeof value === 'string' || typeof value === 'number') && Number.isFinite(new Date(value).getTime());
}

function isNumberOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'number';
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** Without members that should be numbers (or null: not known) and are not. */
function numbersOnly(fields: Fields): Fields {
  const kept = Object.entries(fields).filter(
    ([key, value]) => typeof value === 'number' || (value === null ? !needed.has(key) : key === 'comment'),
  );
  return Object.fromEntries(kept);
}

/** Timings that every entry has. */
const needed: ReadonlySet<string> = new Set(['send', 'wait', 'receive']);

function pick(fields: Fields, key: string): Fields {
  return Object.hasOwn(fields, key) ? { [key]: fields[key] } : {};
}

function without(fields: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}

function objects(value: unknown): readonly Fields[] {
  return listOf(value).flatMap((item): readonly Fields[] => {
    const fields = asFields(item);
    return fields === null ? [] : [fields];
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
