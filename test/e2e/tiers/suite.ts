import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '../../../src/report/analyze.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import type { ListedOutcome } from '../../lab/panel.ts';
import { runScenario } from '../../lab/scenarios.ts';
import { User } from '../../lab/user.ts';
import type { Desk, RecordedEntry, Tier } from './desk.ts';
import { longAnswer, type McpEndpoint, startMcpEndpoint } from './mcp-endpoint.ts';

const limit = 120_000;
const union = 'sep-2350-scope-union-on-reauth';

const kindsOf = (outcomes: readonly ListedOutcome[], wanted: string): string[] => [
  ...new Set(outcomes.filter(({ rule }) => rule === wanted).map(({ kind }) => kind)),
];
/** Whether the panel's flow, at its end, shows an answer that is still open; only rows in view exist. */
const showsOpen = `(() => {
  let list = document.querySelector('[data-entry]');
  while (list !== null && list.scrollHeight <= list.clientHeight) list = list.parentElement;
  if (list !== null) list.scrollTop = list.scrollHeight;
  return document.querySelector('.took.open') !== null;
})()`;
/** In the page: a long call. */
function call(url: string): string {
  const text = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x', text: 'y'.repeat(longAnswer) } };
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(text) };
  return `fetch('${url}', ${JSON.stringify(init)}).then((answer) => answer.text()).then(() => 1)`;
}

/**
 * In the page: requests that no rule needs, until `storm.on` is put out: as many as ten at a time get done over the
 * network, and so many a second that ask for data which their address holds. DevTools tells of them all.
 */
const storm = (url: string, besides: number): string => `(() => {
  globalThis.storm = { sent: 0, on: true };
  const one = (address) => fetch(address + (storm.sent += 1)).then((answer) => answer.text());
  const onAndOn = async () => {
    while (storm.on) await one('${url}?');
  };
  for (let at = 0; at < 10; at += 1) void onAndOn();
  const timer = setInterval(() => {
    if (!storm.on) clearInterval(timer);
    else for (let at = 0; at < ${besides / 20}; at += 1) void one('data:application/json,');
  }, 50);
})()`;
/** A record of tier 1 waits so long for the network log's own. */
const settle = 2_000;
const sleep = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));
const tokenRequests = (entries: readonly RecordedEntry[]): RecordedEntry[] =>
  entries.filter(({ _twin, request }) => !_twin && request.postData?.text?.includes('grant_type=') === true);

/** What each tier sees of the same traffic, in one browser with its real DevTools, which is closed in the beginning. */
export function describeTiers(name: Desk['name'], missing: string, start: () => Promise<Desk>): void {
  describe.skipIf(missing)(`what tier 0 and tier 1 see in ${name}${missing && ` (${missing})`}`, () => {
    let desk: Desk;
    let endpoint: McpEndpoint;
    beforeAll(async () => {
      [desk, endpoint] = await Promise.all([start(), startMcpEndpoint()]);
    }, limit);
    afterAll(async () => {
      await desk?.close();
      await endpoint?.close();
    });

    const entriesOf = async (tier: Tier): Promise<RecordedEntry[]> => (await desk.panel(tier)).entries();
    /** Of the endpoint, in a tier's log. */
    const calls = async (tier: Tier, method: string): Promise<RecordedEntry[]> =>
      (await entriesOf(tier)).filter(({ request }) => request.url === endpoint.url && request.method === method);
    /** Everything that the engine makes of what a tier saw of one laboratory. */
    const outcomesOf = async (tier: Tier, lab: Lab) => {
      const parts = [lab.pages.origin, lab.mcpServer.url, lab.authorizationServer.issuer, lab.model.url];
      const origins = parts.map((url) => new URL(url).origin);
      const entries = (await entriesOf(tier)).filter(({ request }) => origins.includes(new URL(request.url).origin));
      const { outcomes } = analyze({ log: { entries } }, { name: `tier ${tier}` }).result;
      return outcomes.map(({ rule, kind, level, party, message }) => ({ rule, kind, level, party, message }));
    };
    const late = async (tier: Tier): Promise<string> =>
      (await desk.panel(tier)).read<string>(`document.querySelector('.late')?.textContent ?? ''`);

    it('a sign-in from before DevTools opened: tier 1 shows it, tier 0 says late and offers to reload', {
      timeout: limit,
    }, async () => {
      // A background that has only just begun listens to nothing yet.
      await sleep(1_500);
      const lab = await startLab({ latency: 50, serverSdk: 'v2', accessTokenTtl: 5 });
      try {
        const user = new User(desk.browser, desk.page, lab);
        await user.open('chat-v2');
        await user.signIn();
        await desk.openDevtools();
        await user.outwaitToken();
        await user.ask('Please call echo');
        const { issuer } = lab.authorizationServer;
        const [without, watched] = [await entriesOf(0), await entriesOf(1)];
        const authorized = ({ request }: RecordedEntry): boolean => request.url.startsWith(`${issuer}/auth?`);
        expect(without.filter(authorized)).toEqual([]);
        expect(watched.filter(authorized)).toHaveLength(1);
        // The code's exchange is from before: seen without its answer. The refresh is seen by both, and once.
        const grants = tokenRequests(watched).map(({ request, response }) => [
          new URLSearchParams(request.postData?.text).get('grant_type'),
          response.content.text?.includes('access_token') ?? false,
        ]);
        expect(grants).toEqual([
          ['authorization_code', false],
          ['refresh_token', true],
        ]);
        expect(tokenRequests(without)).toHaveLength(1);
        expect(kindsOf(await (await desk.panel(1)).outcomes(), 'sep-2702-silent-refresh')).toEqual(['pass']);
        expect(await late(1)).toBe('');
        expect(await late(0)).toContain('DevTools opened after the sign-in');
        await (await desk.panel(0)).read(`(document.querySelector('.late .primary').click(), true)`);
        const reloaded = `performance.getEntriesByType('navigation')[0].type`;
        await expect.poll(() => desk.page.evaluate(reloaded).catch(() => ''), { timeout: 10_000 }).toBe('reload');
      } finally {
        await lab.close();
      }
    });

    it('DevTools closed and opened again: authorization whole, MCP bodies cut and marked', {
      timeout: limit,
    }, async () => {
      await desk.page.evaluate(call(endpoint.url));
      await expect.poll(() => calls(1, 'POST'), { timeout: 10_000 }).toHaveLength(1);
      const before = { grants: tokenRequests(await entriesOf(1)), call: (await calls(1, 'POST'))[0] };
      expect(before.call?.response.content.text?.length).toBeGreaterThan(longAnswer);
      await desk.closeDevtools();
      await desk.openDevtools();
      expect(tokenRequests(await entriesOf(1))).toEqual(before.grants);
      for (const tier of [0, 1] as const) {
        const [again] = await calls(tier, 'POST');
        expect(again?.request.postData).toMatchObject({ _truncated: true });
        expect(again?.request.postData?.text).toHaveLength(8_192);
        expect(again?.response.content).toMatchObject({ _truncated: true });
        expect(again?.response.content.text).toHaveLength(8_192);
      }
      expect(kindsOf(await (await desk.panel(0)).outcomes(), 'sep-2702-silent-refresh')).toEqual(['pass']);
    });

    it('a stream that is open: tier 1 has a row at once, completed in place when it ends', {
      timeout: limit,
    }, async () => {
      // That it is an MCP server is told by its calls.
      const before = (await calls(1, 'POST')).length;
      await desk.page.evaluate(call(endpoint.url));
      await expect.poll(() => calls(1, 'POST'), { timeout: 10_000 }).toHaveLength(before + 1);
      const init = { headers: { accept: 'text/event-stream' } };
      await desk.page.evaluate(
        `void fetch('${endpoint.url}', ${JSON.stringify(init)}).then((answer) => answer.text())`,
      );
      const streams = (tier: Tier) => calls(tier, 'GET');
      await expect.poll(() => streams(1), { timeout: 10_000 }).toMatchObject([{ _pending: true }]);
      expect(await streams(0)).toEqual([]);
      await expect.poll(async () => (await desk.panel(1)).read(showsOpen), { timeout: 10_000 }).toBe(true);
      const place = (await entriesOf(1)).findIndex(({ _pending }) => _pending);
      endpoint.endStreams();
      await expect.poll(() => streams(0), { timeout: 10_000 }).toHaveLength(1);
      await expect.poll(async () => (await streams(1))[0]?._pending ?? false, { timeout: 10_000 }).toBe(false);
      const entries = await entriesOf(1);
      expect(entries[place]?.response.content.text).toContain('notifications/last');
      expect(
        entries.filter(({ request, _twin }) => request.url === endpoint.url && request.method === 'GET' && !_twin),
      ).toHaveLength(1);
      await expect.poll(async () => (await desk.panel(1)).read(showsOpen), { timeout: 10_000 }).toBe(false);
    });

    it('a popup that knows no opener, and the popup that it opens, belong to the session: tier 1 shows what they call', {
      timeout: limit,
    }, async () => {
      const opened: Page[] = [];
      /** Opens a window from a page and gives it once it is shown. */
      const open = async (from: Page, name: string, features: string): Promise<Page> => {
        const url = `${endpoint.pageUrl}?${name}`;
        await from.evaluate(`void window.open('${url}', '', '${features}')`);
        const shown = async () => (await desk.browser.pages()).find((page) => page.url() === url);
        await expect.poll(async () => (await shown()) !== undefined, { timeout: 20_000 }).toBe(true);
        const page = (await shown()) as Page;
        opened.push(page);
        return page;
      };
      try {
        const popup = await open(desk.page, 'popup', 'noopener,width=400,height=400');
        expect(await popup.evaluate('window.opener')).toBe(null);
        const nested = await open(popup, 'nested', 'width=300,height=300');
        await popup.evaluate(call(`${endpoint.url}?popup`));
        await nested.evaluate(call(`${endpoint.url}?nested`));
        const called = async (tier: Tier): Promise<unknown[]> =>
          (await entriesOf(tier))
            .filter(({ request }) => request.method === 'POST' && request.url.startsWith(`${endpoint.url}?`))
            .map(({ request, _context }) => [new URL(request.url).search, _context]);
        await expect
          .poll(() => called(1), { timeout: 20_000 })
          .toEqual([
            ['?popup', 'popup'],
            ['?nested', 'popup'],
          ]);
        expect(await called(0)).toEqual([]);
      } finally {
        for (const page of opened) await page.close();
      }
    });

    it('a storm of other requests neither blocks DevTools nor loses a sign-in in its midst', {
      timeout: limit,
    }, async () => {
      const lab = await startLab({ latency: 50, serverSdk: 'v2' });
      try {
        const user = new User(desk.browser, desk.page, lab);
        await user.open('chat-v2', { signIn: 'popup' });
        const { page } = desk;
        // About 1,000 a second in all. Firefox's toolbox lets a page do nothing else meanwhile.
        await page.evaluate(storm(endpoint.dataUrl, desk.name === 'Chromium' ? 900 : 0));
        await user.signIn();
        await user.ask('Please call whoami');
        // DevTools answers while it goes on.
        const panel = await desk.panel(1);
        await panel.read('1');
        expect(await page.evaluate('storm.on')).toBe(true);
        const least = desk.name === 'Chromium' ? 5_000 : 1_000;
        await expect.poll(() => page.evaluate('storm.sent'), { timeout: 60_000 }).toBeGreaterThan(least);
        await page.evaluate('storm.on = false');
        await sleep(settle);
        const origins = [lab.mcpServer.url, lab.authorizationServer.issuer].map((url) => new URL(url).origin);
        const seen = async (tier: Tier) =>
          (await entriesOf(tier))
            .filter(({ request, _twin }) => !_twin && origins.includes(new URL(request.url).origin))
            .filter(({ request }) => request.method === 'POST');
        for (const tier of [0, 1] as const) {
          const kinds = async () =>
            (await seen(tier))
              .filter(({ _context }) => _context !== 'popup')
              .map(({ request, response }) => [
                new URL(request.url).pathname,
                response.status,
                (response.content.text ?? '') !== '',
              ]);
          // On a busy machine DevTools still has to catch up with the storm.
          await expect.poll(kinds, { timeout: 30_000 }).toEqual([
            ['/mcp', 401, true],
            ['/reg', 201, true],
            ['/token', 200, true],
            ['/mcp', 200, true],
            ['/mcp', 202, false],
            ['/mcp', 200, true],
            ['/mcp', 200, true],
          ]);
        }
        const popup = (await entriesOf(1)).filter(({ request }) => request.url.startsWith(`${origins[1]}/auth?`));
        expect(popup).toHaveLength(1);
      } finally {
        await desk.page.evaluate('storm.on = false').catch(() => undefined);
        await lab.close();
      }
    });

    it.each(['worker-shared', 'worker-service'] as const)('a client in a %s', { timeout: limit }, async (scenario) => {
      await runScenario(desk.browser, scenario, async (_user, lab) => {
        const { issuer } = lab.authorizationServer;
        const seen = async (tier: Tier) => {
          const own = (await entriesOf(tier)).filter(({ _twin }) => !_twin);
          const of = (method: string, url: string) =>
            own.filter(({ request }) => request.method === method && request.url.startsWith(url));
          return {
            calls: of('POST', lab.mcpServer.url),
            token: of('POST', `${issuer}/token`),
            authorize: of('GET', `${issuer}/auth?`),
          };
        };
        await expect.poll(async () => (await seen(1)).token.length, { timeout: 15_000 }).toBe(1);
        const watched = await seen(1);
        expect(watched.calls.map(({ response }) => response.status)).toEqual([401, 200, 202, 200, 200]);
        expect(watched.authorize).toMatchObject([{ _context: 'popup' }]);
        expect(watched.token[0]?.request.postData?.text).toContain('code_verifier=');
        const without = await seen(0);
        expect(without.authorize).toEqual([]);
        // Only Chromium has a network log of service workers, and with it the bodies of their answers.
        const logged = desk.name === 'Chromium' && scenario === 'worker-service';
        expect(without.calls).toHaveLength(logged ? watched.calls.length : 0);
        expect(watched.token[0]?._context).toBe(logged ? 'service-worker' : 'worker');
        expect(watched.token[0]?.response.content.text?.includes('access_token') ?? false).toBe(logged);
      });
    });

    it('a step-up by redirect: what both saw is judged alike, and tier 1 sees what Firefox drops with a page', {
      timeout: limit,
    }, async () => {
      await runScenario(desk.browser, 'v1-stepup', async (_user, lab) => {
        await sleep(settle);
        const [without, watched] = [await outcomesOf(0, lab), await outcomesOf(1, lab)];
        expect(kindsOf(watched, union)).toEqual(['fail']);
        expect(kindsOf(watched, 'sep-2207-offline-access-requested')).toEqual(['fail']);
        if (desk.name === 'Chromium') expect(watched).toEqual(without);
        // Refusals go with the pages that were left, mostly: what is said all the same is right, and no loss is a pass.
        else expect(['fail', 'open']).toEqual(expect.arrayContaining(kindsOf(without, union)));
        expect(kindsOf(without, 'sep-2207-offline-access-requested')).toEqual(['fail']);
      });
    });

    it('a step-up in a popup is open in tier 0 and judged in tier 1, however often its background is ended', {
      timeout: limit,
    }, async () => {
      const loop = { kills: 0, stopped: false };
      const killing = (async () => {
        while (!loop.stopped) {
          if (await desk.killBackground()) loop.kills += 1;
          await sleep(desk.name === 'Chromium' ? 150 : 20);
        }
      })();
      try {
        await runScenario(desk.browser, 'v1-stepup-popup', async (_user, lab) => {
          loop.stopped = true;
          await killing;
          await sleep(settle);
          const [without, watched] = [await outcomesOf(0, lab), await outcomesOf(1, lab)];
          expect(kindsOf(without, union)).toEqual(['open']);
          expect(kindsOf(watched, union)).toEqual(['fail']);
          const codes = tokenRequests(await entriesOf(1)).flatMap(
            ({ request }) => new URLSearchParams(request.postData?.text).get('code') ?? [],
          );
          expect(new Set(codes).size).toBe(codes.length);
        });
        // Firefox refuses while it is at work.
        expect(loop.kills).toBeGreaterThanOrEqual(desk.name === 'Chromium' ? 20 : 10);
      } finally {
        loop.stopped = true;
      }
    });

    it('an extension that is reloaded keeps nothing, and records again in DevTools opened anew', {
      timeout: limit,
    }, async () => {
      expect(tokenRequests(await entriesOf(1)).length).toBeGreaterThan(0);
      await desk.reloadExtension();
      await desk.openDevtools();
      await desk.panel(1);
      expect(tokenRequests(await entriesOf(1))).toEqual([]);
      await desk.page.evaluate(call(endpoint.url));
      await expect.poll(() => calls(1, 'POST'), { timeout: 10_000 }).toHaveLength(1);
    });
  });
}
