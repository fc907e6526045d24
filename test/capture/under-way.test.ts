import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../src/capture/har-json.ts';
import { UnderWay } from '../../src/capture/under-way.ts';
import type { Details, Stage } from '../../src/capture/webrequest.ts';

type Event = readonly [Stage, Details];

const now = Date.parse('2026-01-01T00:00:00.000Z');

/** A navigation that is redirected through the addresses, the last of which answers; 10 ms for each event. */
function redirected(requestId: string, addresses: readonly string[]): Event[] {
  let time = now;
  const at = () => {
    time += 10;
    return { requestId, method: 'GET', tabId: 5, type: 'main_frame', timeStamp: time };
  };
  return addresses.flatMap((url, place): Event[] => {
    const redirectUrl = addresses[place + 1];
    const statusCode = redirectUrl === undefined ? 200 : 303;
    const headers = [{ name: 'x-place', value: String(place) }];
    return [
      ['before', { ...at(), url }],
      ['sent', { ...at(), url, requestHeaders: headers }],
      ['answered', { ...at(), url, statusCode, responseHeaders: headers }],
      redirectUrl === undefined
        ? ['completed', { ...at(), url, statusCode }]
        : ['redirected', { ...at(), url, statusCode, responseHeaders: headers, redirectUrl }],
    ];
  });
}

/** What became of each hop, by its id. */
function followed(events: readonly Event[]): ReadonlyMap<string, { readonly ended: boolean; readonly entry: Json }> {
  const underWay = new UnderWay();
  const records = new Map<string, { readonly ended: boolean; readonly entry: Json }>();
  for (const [stage, details] of events) {
    const hop = underWay.take(stage, details);
    if (hop !== null) records.set(hop.id, { ended: hop.ended, entry: hop.entry });
  }
  return records;
}

const addresses = ['https://as.example/auth?x=1', 'https://as.example/login', 'https://app.example/callback?code=1'];

test('redirects are records of their own, each with its own answer', () => {
  const records = [...followed(redirected('1', addresses)).values()];
  expect(records.map(({ ended }) => ended)).toEqual([true, true, true]);
  expect(records.map(({ entry }) => entry)).toMatchObject(
    addresses.map((url, place) => ({
      request: { url, headers: [{ value: String(place) }] },
      response: { status: place === 2 ? 200 : 303, redirectURL: addresses[place + 1] ?? '' },
    })),
  );
});

test('events that are overtaken by others are joined to the request they are of', () => {
  const events = [...redirected('1', addresses), ...redirected('2', addresses.slice(1))];
  const whole = followed(events);
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
      const records = followed(shuffled);
      expect(new Map([...records].sort())).toEqual(new Map([...whole].sort()));
    }),
  );
});

test('what follows a request whose beginning was not seen is not taken for another', () => {
  const events = redirected('1', addresses).slice(2);
  const records = [...followed(events).values()];
  expect(records.map(({ entry }) => (entry.request as Json).url)).toEqual(addresses.slice(1));
});

/** A script's GET with a token that is redirected once, of which not every header field was asked for. */
const inPart: readonly Event[] = redirected('1', ['https://s.example/mcp', 'https://other.example/mcp']).map(
  ([stage, { requestHeaders, ...details }]): Event => [
    stage,
    {
      ...{ ...details, type: 'xmlhttprequest', initiator: 'https://app.example' },
      ...(stage === 'sent'
        ? { headersLeftOut: true, requestHeaders: [{ name: 'Authorization', value: 'Bearer a' }] }
        : {}),
    },
  ],
);

test('what was heard in part says so, with the Origin that it must have had; one that was redirected may have none', () => {
  const records = [...followed(inPart).values()].map(({ entry }) => entry);
  const token = { name: 'Authorization', value: 'Bearer a' };
  expect(records).toMatchObject([
    { _headersLeftOut: true, request: { headers: [token, { name: 'Origin', value: 'https://app.example' }] } },
    { _headersLeftOut: true, request: { headers: [token] } },
  ]);
});

test('what another hears whole is whole', () => {
  const whole = inPart.map(([stage, { headersLeftOut: _, ...details }]): Event => [stage, details]);
  for (const both of [inPart.flatMap((event, at) => [event, whole[at] ?? event]), [...whole, ...inPart]])
    for (const { entry } of followed(both).values()) expect(entry).not.toHaveProperty('_headersLeftOut');
});

test('of two who listen to the same, one of them to fewer header fields, the fuller counts, whoever is told first', () => {
  const more = [{ name: 'Set-Cookie', value: 'a=1' }];
  const add = (fields: unknown): unknown => (Array.isArray(fields) ? [...fields, ...more] : undefined);
  const part = redirected('1', addresses);
  const full = part.map(([stage, details]): Event => {
    const { requestHeaders, responseHeaders } = details;
    return [stage, { ...details, requestHeaders: add(requestHeaders), responseHeaders: add(responseHeaders) }];
  });
  const alone = followed(full);
  const both = part.map((event, at): readonly Event[] => [event, full[at] ?? event]);
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: both.length, maxLength: both.length }), (swapped) => {
      const told = both.flatMap((pair, at) => (swapped[at] ? pair.toReversed() : pair));
      expect(followed(told)).toEqual(alone);
    }),
  );
});
