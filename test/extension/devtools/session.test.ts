import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { glimpsed } from '../../../src/capture/glimpse.ts';
import { asObject, type Json } from '../../../src/capture/har-json.ts';
import { type Details, follow, type Hop } from '../../../src/capture/webrequest.ts';
import { Recorder } from '../../../src/extension/devtools/recorder.ts';
import { TabSession } from '../../../src/extension/devtools/session.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const details: Details = {
  requestId: '12',
  url: 'https://s.example/mcp',
  method: 'POST',
  tabId: 7,
  type: 'xmlhttprequest',
  timeStamp: Date.parse('2026-01-01T00:00:00Z') + 0.25,
  requestBody: { raw: [{ bytes: new TextEncoder().encode('{"jsonrpc":"2.0"}').buffer }] },
};
const answer: Details = {
  ...details,
  timeStamp: details.timeStamp + 300,
  statusCode: 200,
  responseHeaders: [{ name: 'Content-Type', value: 'text/event-stream' }],
};
const given = (hop: Hop | null): Hop => {
  if (hop === null) throw new Error('nothing was seen');
  return hop;
};
const glimpse = given(glimpsed({ ...answer, requestBody: undefined }));
const whole = given(follow('answered', answer, follow('before', details, null)));

test.each([
  ['a glimpse, then the whole', [glimpse, whole]],
  ['the whole, then a glimpse', [whole, glimpse]],
])('of two who watch one request, what is known stays: %s', (_, records) => {
  const sent: Json[] = [];
  const channel = { postMessage: (message: unknown) => void sent.push(asObject(message)), onmessage: null };
  const recorder = new Recorder(channel);
  const session = new TabSession(recorder, null, 7, 0);
  for (const record of records) {
    session.wire([record]);
    vi.runAllTimers();
  }
  (channel.onmessage as ((event: { data: unknown }) => void) | null)?.({ data: { kind: 'hello' } });
  const entries = sent.flatMap(({ kind, entries }) => (kind === 'entries' ? (entries as Json[]) : []));
  expect(entries).toMatchObject([{ _pending: true, request: { postData: { text: '{"jsonrpc":"2.0"}' } } }]);
});

const fields = [
  ['Authorization', 'Bearer t'],
  ['Cookie', 'c=1'],
].map(([name, value]) => ({ name, value }));
const heard = (count: number): Hop => {
  const sent = follow('sent', { ...details, requestHeaders: fields.slice(0, count) }, follow('before', details, null));
  return given(follow('answered', answer, sent));
};

test.each([
  ['all, then a part', [2, 1]],
  ['a part, then all', [1, 2]],
])('of two who watch one request, of which one hears fewer header fields, none is lost: %s', (_, counts) => {
  const sent: Json[] = [];
  const channel = { postMessage: (message: unknown) => void sent.push(asObject(message)), onmessage: null };
  const session = new TabSession(new Recorder(channel), null, 7, 0);
  for (const count of counts) {
    session.wire([heard(count)]);
    vi.runAllTimers();
  }
  (channel.onmessage as ((event: { data: unknown }) => void) | null)?.({ data: { kind: 'hello' } });
  const entries = sent.flatMap(({ kind, entries }) => (kind === 'entries' ? (entries as Json[]) : []));
  expect(entries).toMatchObject([{ request: { headers: fields } }]);
});

test('what had ended before the session was cleared is not shown in it, however late its body comes', () => {
  const sent: Json[] = [];
  const channel = { postMessage: (message: unknown) => void sent.push(asObject(message)), onmessage: null };
  const recorder = new Recorder(channel);
  const session = new TabSession(recorder, null, 7, 0);
  (channel.onmessage as ((event: { data: unknown }) => void) | null)?.({ data: { kind: 'hello' } });
  const entry = (name: string, time: number): Json => ({
    startedDateTime: new Date(Date.now() - 1_000).toISOString(),
    time,
    request: { method: 'GET', url: `https://a.example/${name}`, headers: [] },
    response: { status: 200, headers: [], content: {} },
  });
  const before = entry('before', 900);
  const under = entry('under-way', 1_200);
  session.clear();
  session.network(before);
  session.network(under);
  const entries = sent.flatMap(({ kind, entries }) => (kind === 'entries' ? (entries as Json[]) : []));
  expect(entries.map(({ request }) => asObject(request).url)).toEqual(['https://a.example/under-way']);
});
