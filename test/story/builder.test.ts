import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/exchange/exchange.ts';
import { readHar } from '../../src/exchange/read-har.ts';
import type { ResultStory } from '../../src/report/result.ts';
import { storyOf } from '../../src/report/story-result.ts';
import { StoryBuilder } from '../../src/story/builder.ts';
import type { Story } from '../../src/story/model.ts';
import { type HarEntry, PAGE, type Traffic, traffic } from '../traffic/traffic.ts';
import { exchangesOf, tell } from './story.ts';

/** A session with all that can happen in one: sign-in, calls, refreshes, step-up, a model, a log-out. */
function session(server: string, issuer: string, clientId: string): Traffic {
  const at = { server, issuer, resource: server, clientId };
  const log = traffic({ server, issuer });
  log
    .challenge({ scope: 'r' })
    .prm()
    .asm({ scopes: ['r', 'w', 'offline_access'] })
    .reg({ clientId });
  log.az({ ...at, scope: 'r offline_access' }).tk({
    ...at,
    scope: 'r offline_access',
    refresh: `rt-of-${clientId}-0123456789`,
    token: `at-of-${clientId}-0123456789`,
  });
  log
    .call()
    .call('list')
    .expired('search')
    .rf({ ...at, token: `at-two-of-${clientId}-0123456789`, refresh: `rt-two-of-${clientId}-0123456789` })
    .call('search');
  log.ask('write', `call-${clientId}`).forbidden('w').tell(`call-${clientId}`, 'insufficient scope', 'write');
  log
    .az({ ...at, scope: 'r w' })
    .tk({ ...at, scope: 'r w', token: `at-three-of-${clientId}-0123456789` })
    .call('write')
    .revoke();
  return log
    .az({ ...at, scope: 'r', prompt: 'select_account' })
    .tk({ ...at, scope: 'r', token: `at-four-of-${clientId}-0123456789` })
    .call();
}

/** All of a story that is not a function, as plain data. */
function whole(story: Story): unknown {
  const entryOf = ({ exchange }: { readonly exchange: Exchange }): number => exchange.entry;
  return {
    result: storyOf(story),
    roles: [...story.roles].sort(([one], [other]) => one - other),
    chains: story.chains.map(({ id, registration, grants }) => [
      id,
      registration?.exchange.entry,
      grants.map((grant) => grant.id),
    ]),
    causes: story.grants.map(({ challenges }) => challenges.map(entryOf)),
    surfaced: story.surfaced.map(({ exchange, call }) => [exchange.entry, entryOf(call)]),
    crossOrigin: story.crossOrigin.map(({ exchange, preflight }) => [exchange.entry, preflight?.entry]),
    discovery: story.discovery.map(({ exchange, servers, issuers }) => [
      exchange.entry,
      servers.map(({ url }) => url),
      issuers,
    ]),
    ends: story.sessionEnds,
    sightings: story.tokens.map(({ value }) => story.sightings(value).map(entryOf)),
    end: story.end,
  };
}

const SERVER = 'https://one.example.com/mcp';
const single = exchangesOf(session(SERVER, 'https://as.example.com', 'client-one'));

describe('the order of delivery', () => {
  const expected = whole(tell(single));
  it('does not matter', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...single], { minLength: single.length }), (order) => {
        expect(whole(tell(order))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
  it('does not matter to exchanges of one and the same millisecond', () => {
    const together = single.map((exchange, index) => ({
      ...exchange,
      sent: Math.floor(index / 3) * 100,
      answered: Math.floor(index / 3) * 100 + 90,
    }));
    fc.assert(
      fc.property(fc.shuffledSubarray([...together], { minLength: together.length }), (order) => {
        expect(whole(tell(order))).toEqual(whole(tell(together)));
      }),
      { numRuns: 30 },
    );
  });
  it('does not matter where the story is asked for after each exchange', () => {
    for (const order of [single, single.toReversed()]) {
      const builder = new StoryBuilder();
      for (const exchange of order) {
        builder.add(exchange);
        expect(builder.story().end).toBeGreaterThan(0);
      }
      expect(whole(builder.story())).toEqual(expected);
    }
  });
  it('is no matter of the story before it: what is known of one server stays when another is told', () => {
    const builder = new StoryBuilder();
    for (const exchange of single) builder.add(exchange);
    expect(builder.story()).toBe(builder.story());
    const before = builder.story();
    for (const exchange of exchangesOf(
      session('https://two.example.com/mcp', 'https://as.example.com', 'client-two'),
    )) {
      builder.add({
        ...exchange,
        entry: exchange.entry + single.length,
        sent: exchange.sent + 3_600_000,
        answered: exchange.answered + 3_600_000,
      });
    }
    expect(builder.story().servers).toHaveLength(2);
    const first = (entry: number): number => (entry < single.length ? entry : -1);
    expect(part(storyOf(builder.story()), SERVER, first)).toEqual(part(storyOf(before), SERVER));
  });
});

/** What a result says of one server, names of grants and tokens left out: they count through the whole log. */
function part(result: ResultStory, server: string, entryOf: (entry: number) => number = (entry) => entry): unknown {
  const place = (entry: number | null): number | null => (entry === null ? null : entryOf(entry));
  const grants = result.grants.filter((grant) => grant.server === server);
  const own = new Set(grants.map(({ id }) => id));
  return {
    server: result.servers.find(({ url }) => url === server),
    clients: result.clients.filter(({ clientId }) => grants.some((grant) => grant.clientId === clientId)),
    grants: grants.map(({ id: _, entries, ...grant }) => ({
      ...grant,
      entries: [
        place(entries.authorize),
        place(entries.callback),
        place(entries.token),
        ...entries.refreshes.map(entryOf),
      ],
    })),
    tokens: result.tokens
      .filter(({ grant }) => own.has(grant ?? ''))
      .map(({ id: _, grant: __, uses, ...token }) => ({ ...token, uses: uses.map(entryOf) })),
    recoveries: result.recoveries
      .map(({ entry, entries, ...recovery }) => ({ ...recovery, entry: entryOf(entry), entries: entries.map(entryOf) }))
      .filter(({ entry }) => entry >= 0),
  };
}

describe('ten servers, three issuers and two tabs in one log', () => {
  it('each have the story they have alone', () => {
    const alone = Array.from({ length: 10 }, (_, index) => ({
      server: `https://mcp-${index}.example.com/mcp`,
      log: session(`https://mcp-${index}.example.com/mcp`, `https://as-${index % 3}.example.com`, `client-of-${index}`),
      tab: index % 2,
    }));
    const merged = alone
      .flatMap(({ log, tab }, owner) =>
        log
          .har()
          .log.entries.map((entry: HarEntry, index) => ({ owner, index, entry: { ...own(entry, owner), _tab: tab } })),
      )
      .sort(
        (one, other) => one.entry.startedDateTime.localeCompare(other.entry.startedDateTime) || one.owner - other.owner,
      );
    const story = tell(readHar({ log: { entries: merged.map(({ entry }) => entry) } }).exchanges);
    for (const [owner, { server, log }] of alone.entries()) {
      const entryOf = (entry: number): number => {
        const source = merged[entry];
        return source?.owner === owner ? source.index : -1;
      };
      const entries = log.har().log.entries.map((entry: HarEntry) => own(entry, owner));
      expect(part(storyOf(story), server, entryOf)).toEqual(
        part(storyOf(tell(readHar({ log: { entries } }).exchanges)), server),
      );
    }
  });

  /** The writer of logs counts states, codes and refresh tokens from one in each log: here every log has its own. */
  function own(entry: HarEntry, owner: number): HarEntry {
    const text = JSON.stringify(entry).replace(
      /(state|code|access-token|refresh-token|question)-(\d)/g,
      `$1-${owner}-$2`,
    );
    return JSON.parse(text) as HarEntry;
  }
});

describe('hostile logs', () => {
  const entries: readonly HarEntry[] = session(SERVER, 'https://as.example.com', 'client-one').har().log.entries;
  const values = [
    '',
    '__proto__',
    '\ud800',
    '%',
    '%ff',
    '://',
    'null',
    '[[[[',
    '{"jsonrpc":"2.0","method":"tools/call","params":{"__proto__":1}}',
    'Bearer',
    'Bearer error="',
  ];

  it('of which any text was replaced by any other are told without a throw', () => {
    const change = fc.record({
      entry: fc.nat(entries.length - 1),
      text: fc.nat(),
      by: fc.oneof(fc.constantFrom(...values), fc.string({ unit: 'binary' })),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const changed = structuredClone(entries) as unknown[];
        for (const { entry, text, by } of changes) changed[entry] = withTextReplaced(changed[entry], text, by);
        const story = tell(readHar({ log: { entries: changed } }).exchanges);
        expect(story.roles.size).toBeGreaterThanOrEqual(0);
        expect(storyOf(story).grants.length).toBeLessThanOrEqual(entries.length);
      }),
      { numRuns: 60 },
    );
  });

  /** A copy in which the nth text (counted round) is another. */
  function withTextReplaced(value: unknown, nth: number, by: string): unknown {
    let count = 0;
    JSON.stringify(value, (_, item: unknown) => {
      if (typeof item === 'string') count += 1;
      return item;
    });
    let at = count === 0 ? -1 : nth % count;
    return JSON.parse(
      JSON.stringify(value, (_, item: unknown) => {
        if (typeof item !== 'string') return item;
        at -= 1;
        return at === -1 ? by : item;
      }),
    );
  }

  it('of thousands of sign-ins with the same state and code are told in time to their number', () => {
    const log = traffic().challenge().prm().asm();
    const query = `response_type=code&client_id=c&state=same-state&redirect_uri=${encodeURIComponent(`${PAGE}/callback`)}`;
    for (let index = 0; index < 2000; index += 1) {
      log.raw(
        'GET',
        `https://as.example.com/authorize?${query}&code_challenge=c${index}`,
        { status: 302, headers: { location: `${PAGE}/callback?code=same-code&state=same-state` } },
        { _resourceType: 'document' },
      );
      log.raw(
        'POST',
        'https://as.example.com/token',
        { status: 200, body: '{"access_token":"same-token-0123456789"}' },
        {},
        { 'content-type': 'application/x-www-form-urlencoded' },
        'grant_type=authorization_code&code=same-code&client_id=c',
      );
      log.expired('search', { token: 'same-token-0123456789' });
    }
    expect(tell(log).grants).toHaveLength(2000);
  });
});
