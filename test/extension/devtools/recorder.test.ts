import { expect, test, vi } from 'vitest';
import { largestBatch } from '../../../src/extension/channel.ts';
import { type Channel, Recorder } from '../../../src/extension/devtools/recorder.ts';
import { liveTraffic } from '../../../src/extension/panel/host/devtools-host.ts';
import type { LiveListener } from '../../../src/extension/panel/host/host.ts';

/** Two ends that hear each other, each message cloned as a browser would. */
function pair(): { here: Channel; there: Channel; drop: { next: boolean } } {
  const drop = { next: false };
  const end = (other: () => Channel): Channel => ({
    onmessage: null,
    postMessage(message) {
      const data = structuredClone(message);
      if (drop.next) drop.next = false;
      else other().onmessage?.({ data } as MessageEvent);
    },
  });
  const here: Channel = end(() => there);
  const there: Channel = end(() => here);
  return { here, there, drop };
}

function listener() {
  const heard = {
    entries: [] as unknown[],
    recording: false,
    bodiless: 0,
    dropped: 0,
    reports: [] as unknown[],
    sessions: new Set<string>(),
  };
  const live: LiveListener = {
    begin(session, recording, _since, bodiless, { dropped }) {
      if (!heard.sessions.has(session)) heard.entries = [];
      heard.sessions.add(session);
      heard.recording = recording;
      heard.bodiless = bodiless;
      heard.dropped = dropped;
    },
    entries: (entries) => void heard.entries.push(...entries),
    observed: (reports) => void heard.reports.push(...reports),
    replace(index, entry) {
      heard.entries[index] = entry;
    },
  };
  return { heard, live };
}

test('a panel opened late receives everything, then each entry as it comes', () => {
  const { here, there } = pair();
  const recorder = new Recorder(here);
  const entries = Array.from({ length: largestBatch * 2 + 7 }, (_, number) => ({ number }));
  for (const entry of entries) recorder.add(entry);
  const { heard, live } = listener();
  liveTraffic(there as BroadcastChannel).listen(live);
  expect(heard.entries).toEqual(entries);
  recorder.add({ number: 'next' });
  expect(heard.entries.at(-1)).toEqual({ number: 'next' });
  expect(heard.recording).toBe(true);
});

test('a lost message is made good', () => {
  const { here, there, drop } = pair();
  const recorder = new Recorder(here);
  const { heard, live } = listener();
  liveTraffic(there as BroadcastChannel).listen(live);
  recorder.add(1);
  drop.next = true;
  recorder.add(2);
  recorder.add(3);
  expect(heard.entries).toEqual([1, 2, 3]);
});

test('pausing keeps what there is; clearing begins another session', () => {
  const { here, there } = pair();
  const recorder = new Recorder(here);
  const { heard, live } = listener();
  const traffic = liveTraffic(there as BroadcastChannel);
  traffic.listen(live);
  recorder.add(1);
  traffic.record(false);
  recorder.add(2);
  expect(heard).toMatchObject({ entries: [1], recording: false });
  traffic.record(true);
  recorder.add(3);
  expect(heard).toMatchObject({ entries: [1, 3], recording: true });
  traffic.clear();
  expect(heard.entries).toEqual([]);
  recorder.add(4);
  expect(heard.entries).toEqual([4]);
  expect(heard.sessions.size).toBe(2);
});

test('when memory is full, entries go on without their bodies, and the number is told', () => {
  const { here, there } = pair();
  const recorder = new Recorder(here, Date.now, { memory: 10 });
  const { heard, live } = listener();
  const traffic = liveTraffic(there as BroadcastChannel);
  traffic.listen(live);
  const entry = (text: string) => ({ response: { status: 200, content: { size: text.length, text } } });
  recorder.add(entry('12345678'));
  recorder.add(entry('123'));
  recorder.add(entry('12'));
  recorder.add(null);
  expect(heard.bodiless).toBe(1);
  expect(heard.entries).toEqual([
    entry('12345678'),
    { response: { status: 200, content: { size: 3 } } },
    entry('12'),
    null,
  ]);
  traffic.clear();
  recorder.add(entry('123'));
  expect(heard).toMatchObject({ bodiless: 0, entries: [entry('123')] });
});

test('when the log is full, what no rule needs is dropped first, authorization never, and the number is told', () => {
  vi.useFakeTimers();
  const { here, there } = pair();
  const recorder = new Recorder(here, Date.now, { entries: 3, calls: 4 });
  const { heard, live } = listener();
  liveTraffic(there as BroadcastChannel).listen(live);
  const entry = (kind: 'none' | 'mcp' | 'auth') => ({
    kind,
    request: {
      method: 'POST',
      url: 'https://a.example/x',
      headers: kind === 'mcp' ? [{ name: 'mcp-session-id', value: 's' }] : [],
      ...(kind === 'auth' ? { postData: { mimeType: '', text: 'grant_type=refresh_token' } } : {}),
    },
    response: { status: 200, headers: [], content: {} },
  });
  for (let number = 0; number < 5; number += 1)
    for (const kind of ['none', 'mcp', 'auth'] as const) recorder.add(entry(kind));
  vi.runAllTimers();
  const kinds = heard.entries.map((kept) => (kept as { kind: string }).kind);
  expect(kinds).toEqual(['none', 'mcp', 'auth', 'mcp', 'auth', 'auth', 'auth', 'auth']);
  expect(heard.dropped).toBe(7);
  vi.useRealTimers();
});

test('messages of another shape are not heard', () => {
  const { here, there } = pair();
  const recorder = new Recorder(here);
  const { heard, live } = listener();
  liveTraffic(there as BroadcastChannel).listen(live);
  recorder.add(1);
  for (const data of [
    null,
    7,
    'clear',
    [],
    {},
    { kind: 'record', on: 'no' },
    { kind: 'entries', session: 's', first: -1 },
  ]) {
    here.onmessage?.({ data } as MessageEvent);
    there.onmessage?.({ data } as MessageEvent);
  }
  expect(heard.entries).toEqual([1]);
});
