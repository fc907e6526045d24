import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../src/capture/har-json.ts';
import { Joiner } from '../../src/capture/join.ts';

const start = Date.parse('2026-01-01T00:00:00.000Z');

interface Made {
  readonly url: string;
  readonly method: string;
  readonly at: number;
  readonly took: number;
  readonly body: string | null;
  readonly token: string | null;
}

function entryOf(made: Made, side: 'network' | 'wire'): Json {
  const shift = side === 'wire' ? 3 : 0;
  const authorization = made.token === null ? [] : [{ name: 'Authorization', value: `Bearer ${made.token}` }];
  return {
    startedDateTime: new Date(start + made.at + shift).toISOString(),
    time: made.took,
    request: {
      method: made.method,
      url: made.url,
      headers: [...authorization, ...(side === 'wire' ? [{ name: 'Origin', value: 'https://app.example' }] : [])],
      ...(made.body === null ? {} : { postData: { mimeType: 'application/json', text: made.body } }),
    },
    response: {
      status: 200,
      headers: [],
      content: side === 'network' ? { size: 2, text: `{"of":${JSON.stringify(made.body)}}` } : { size: -1 },
      redirectURL: '',
    },
    ...(side === 'wire' ? { _tab: 7 } : {}),
  };
}

/** The joined log after all these were delivered; second records do not count. */
function joined(deliveries: readonly ((joiner: Joiner) => void)[]): Json[] {
  const log: Json[] = [];
  const joiner = new Joiner({
    add: (entry) => log.push(entry) - 1,
    replace(index, entry) {
      log[index] = entry;
    },
  });
  for (const deliver of deliveries) deliver(joiner);
  return log.filter((entry) => entry._twin !== true);
}

const sorted = (log: readonly Json[]): string[] => log.map((entry) => JSON.stringify(entry)).sort();

const request = fc.record({
  url: fc.constantFrom('https://s.example/mcp', 'https://as.example/token', 'https://s.example/cb?code=abc&state=xyz'),
  method: fc.constantFrom('GET', 'POST'),
  at: fc.nat(4_000),
  took: fc.nat(500),
  body: fc.option(fc.constantFrom('{"jsonrpc":"2.0","id":1}', '{"jsonrpc":"2.0","id":2}', '{"jsonrpc":"2.0","id":3}')),
  token: fc.option(fc.constantFrom('one', 'two')),
});
const traffic = fc.uniqueArray(request, { maxLength: 8, selector: (made) => JSON.stringify(made) });

test('whatever the order of delivery, the joined exchanges are the same', () => {
  fc.assert(
    fc.property(traffic, fc.infiniteStream(fc.nat()), (made, order) => {
      const deliveries = made.flatMap((one, number) => [
        (joiner: Joiner) => joiner.network(entryOf(one, 'network')),
        (joiner: Joiner) => joiner.wire(`w${number}`, entryOf(one, 'wire'), false),
      ]);
      const shuffled = deliveries.map((deliver) => ({ deliver, key: order.next().value ?? 0 }));
      shuffled.sort((one, other) => one.key - other.key);
      const log = joined(deliveries);
      expect(log).toHaveLength(made.length);
      expect(sorted(joined(shuffled.map(({ deliver }) => deliver)))).toEqual(sorted(log));
    }),
    { numRuns: 200 },
  );
});

test('contradictory records never meet', () => {
  fc.assert(
    fc.property(traffic, traffic, (seen, sent) => {
      const log = joined([
        ...seen.map((one) => (joiner: Joiner) => joiner.network(entryOf(one, 'network'))),
        ...sent.map((one, number) => (joiner: Joiner) => joiner.wire(`w${number}`, entryOf(one, 'wire'), false)),
      ]);
      for (const { request, response } of log as { request: Json; response: Json }[]) {
        const text = (response.content as { text?: string }).text;
        const asked = (request.postData as { text?: string } | undefined)?.text ?? null;
        const answered = text === undefined ? undefined : (JSON.parse(text) as { of: string | null }).of;
        if (answered !== undefined && answered !== null) expect(asked).toBe(answered);
      }
    }),
    { numRuns: 200 },
  );
});

const call: Made = {
  url: 'https://s.example/mcp',
  method: 'POST',
  at: 0,
  took: 20,
  body: '{"jsonrpc":"2.0","id":1}',
  token: 'one',
};

test('two identical requests side by side stay two', () => {
  const log = joined([
    (joiner) => joiner.wire('a', entryOf(call, 'wire'), true),
    (joiner) => joiner.wire('b', entryOf(call, 'wire'), true),
    (joiner) => joiner.network(entryOf(call, 'network')),
    (joiner) => joiner.network(entryOf(call, 'network')),
  ]);
  expect(log).toHaveLength(2);
});

test('an exchange is the union of what was seen', () => {
  const [log] = joined([
    (joiner) => joiner.network(entryOf({ ...call, body: null }, 'network')),
    (joiner) => joiner.wire('a', entryOf(call, 'wire'), false),
  ]);
  expect(log).toMatchObject({
    _tab: 7,
    request: { postData: { text: call.body }, headers: [{ name: 'Authorization' }, { name: 'Origin' }] },
    response: { content: { text: '{"of":null}' } },
  });
});

test('a record heard in part is whole once one that was heard whole comes, from whoever it comes first', () => {
  const whole = entryOf({ ...call, body: null }, 'wire');
  const inPart = { ...whole, _headersLeftOut: true };
  const deliver = (entry: Json) => (joiner: Joiner) => joiner.wire('1', entry, false);
  expect(joined([deliver(inPart)])).toMatchObject([{ _headersLeftOut: true }]);
  for (const both of [
    [inPart, whole],
    [whole, inPart],
  ])
    expect(joined(both.map(deliver))[0]).not.toHaveProperty('_headersLeftOut');
});

test('an open stream is told once it is released, and completed in place', () => {
  const log: Json[] = [];
  const joiner = new Joiner({
    add: (entry) => log.push(entry) - 1,
    replace(index, entry) {
      log[index] = entry;
    },
  });
  const open = { ...entryOf(call, 'wire'), _pending: true };
  joiner.wire('a', open, true);
  expect(log).toEqual([]);
  joiner.release('a');
  expect(log).toMatchObject([{ _pending: true }]);
  joiner.network({ ...entryOf(call, 'network'), time: 60_000 });
  joiner.wire('a', { ...entryOf(call, 'wire'), time: 60_000 }, true);
  expect(log).toHaveLength(1);
  expect(log[0]).not.toHaveProperty('_pending');
});

test("a service worker's side is given the page's body", () => {
  const page = { ...entryOf({ ...call, took: 40 }, 'network'), _fetchedViaServiceWorker: true };
  const worker: Json = {
    ...entryOf({ ...call, at: 5 }, 'network'),
    response: { status: 200, headers: [], content: { size: 0 } },
  };
  for (const order of [
    [page, worker],
    [worker, page],
  ]) {
    const log = joined(order.map((entry) => (joiner: Joiner) => joiner.network(entry)));
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({ response: { content: { text: expect.stringContaining('jsonrpc') } } });
  }
});

test('streams of which only the answer was seen are completed in place, each by its own', () => {
  const log: Json[] = [];
  const joiner = new Joiner({
    add: (entry) => log.push(entry) - 1,
    replace(index, entry) {
      log[index] = entry;
    },
  });
  // Slow to answer, and open for long: neither its start nor its end is near the glimpse.
  const waits = [5_000, 9_000];
  const stream = (wait: number): Json => ({
    ...entryOf({ ...call, method: 'GET', body: null, took: 60_000 }, 'network'),
    timings: { send: 0, wait, receive: 60_000 - wait },
    response: { status: 200, headers: [], content: { size: 1, text: String(wait) } },
  });
  const glimpse = (wait: number): Json => ({
    ...entryOf({ ...call, method: 'GET', body: null, at: wait, took: 0, token: null }, 'wire'),
    request: { method: 'GET', url: call.url, headers: [] },
    _glimpsed: true,
    _pending: true,
  });
  for (const wait of waits) joiner.wire(String(wait), glimpse(wait), false);
  expect(log).toHaveLength(2);
  for (const wait of waits.toReversed()) joiner.network(stream(wait));
  expect(log.map(({ response }) => (response as { content: { text: string } }).content.text)).toEqual(['5000', '9000']);
  expect(JSON.stringify(log)).not.toMatch(/_pending|_glimpsed/);
  // Another one, open still.
  joiner.wire('more', glimpse(70_000), false);
  expect(log).toHaveLength(3);
});
