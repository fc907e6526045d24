import type { Page } from 'puppeteer-core';
import { values } from '../../cli/fixtures.ts';
import { type EntryParts, entry, har, server, signIn } from '../../report/hars.ts';
import { record } from '../panel-page.ts';
import type { State } from './state.ts';
import { entriesOf } from './traffic.ts';

/** A page that speaks to an API of its own, and to no MCP server. */
const ordinary: readonly EntryParts[] = [
  { url: 'https://app.example.com/', contentType: 'text/html', content: '<!doctype html>' },
  { url: 'https://app.example.com/main.js', contentType: 'text/javascript', content: 'start()' },
  ...Array.from({ length: 12 }, (_, page) => ({
    url: `https://api.example.com/v2/orders?page=${page}`,
    requestHeaders: { Authorization: 'Bearer session-of-the-shop-0123456789' },
    content: '{"orders":[]}',
  })),
  { url: 'https://cdn.example.net/logo.webp', contentType: 'image/webp', content: '' },
];

/** Calls with a token that was issued before anybody looked. */
const late: readonly EntryParts[] = signIn(values).slice(-1);

const openStream = (): Record<string, unknown> => ({
  ...entry(
    {
      method: 'GET',
      url: server,
      requestHeaders: { Authorization: `Bearer ${values.access}`, Accept: 'text/event-stream' },
      contentType: 'text/event-stream',
    },
    30,
  ),
  _pending: true,
});

const seen = async (page: Page, entries: readonly unknown[]): Promise<void> => {
  await record(page, entries);
  await page.waitForSelector('[data-entry]');
};

/** What only a panel beside living traffic can be in. */
export const liveStates: readonly State[] = [
  { name: 'watching', live: true, prepare: (page) => page.waitForSelector('.watching') },
  {
    name: 'paused',
    live: true,
    prepare: async (page) => {
      await page.keyboard.press('r');
      await page.waitForSelector('.empty .primary::-p-text(Resume)');
    },
  },
  {
    name: 'paused-with-traffic',
    live: true,
    prepare: async (page) => {
      await seen(page, entriesOf('v1-stepup'));
      await page.keyboard.press('r');
      await page.waitForSelector('.record:not(.on)');
    },
  },
  {
    name: 'late',
    live: true,
    prepare: async (page) => {
      await seen(page, har(late).log.entries as readonly unknown[]);
      await page.waitForSelector('.late');
    },
  },
  {
    name: 'seen-instead',
    live: true,
    prepare: async (page) => {
      await record(page, har(ordinary).log.entries as readonly unknown[]);
      await page.waitForSelector('.empty ::-p-text(Seen instead)');
    },
  },
  {
    name: 'open-stream',
    live: true,
    prepare: async (page) => {
      await seen(page, [...(har(signIn(values)).log.entries as readonly unknown[]), openStream()]);
      await page.waitForSelector('.took.open');
    },
  },
  {
    name: 'popup',
    live: true,
    prepare: (page) => seen(page, entriesOf('aisdk-expiry-popup')),
  },
  {
    name: 'importing',
    live: true,
    prepare: async (page) => {
      await seen(page, entriesOf('v1-stepup'));
      await page.evaluate(() => {
        const half = new TextEncoder().encode('{"log":{"version":"1.2","entries":[');
        const file = {
          name: 'e2e-nightly.har',
          size: half.length * 2,
          // It never ends.
          stream() {
            return new ReadableStream<Uint8Array>({
              start(controller) {
                controller.enqueue(half);
              },
            });
          },
        };
        void window.live.store.open([file]);
      });
      await page.waitForSelector('.progress');
    },
  },
  {
    name: 'too-large',
    live: true,
    prepare: async (page) => {
      await page.waitForFunction(() => window.live !== undefined);
      await page.evaluate(() => {
        const file = {
          name: 'a-week.har',
          size: 3_200_000_000,
          stream() {
            return new ReadableStream<Uint8Array>();
          },
        };
        void window.live.store.open([file]);
      });
      await page.waitForSelector('dialog[open] .problems');
    },
  },
  {
    name: 'settings-with-permissions',
    live: 'ask',
    prepare: async (page) => {
      await seen(page, entriesOf('v1-stepup'));
      await page.keyboard.press(',');
      await page.waitForSelector('dialog[open] #settings-watching');
    },
  },
  {
    name: 'settings-looking-closer',
    live: 'ask',
    prepare: async (page) => {
      await seen(page, entriesOf('v1-stepup'));
      await page.keyboard.press(',');
      const site = '[aria-labelledby=settings-observing] li';
      await page.waitForSelector(`dialog[open] ${site}`);
      await page.click(`${site} button`);
      await page.waitForSelector(`${site} input[type=checkbox]`);
      await page.click(`${site} input[type=checkbox]`);
      await page.waitForSelector(`${site} input:checked`);
    },
  },
  {
    name: 'unseen-with-permissions',
    live: 'ask',
    prepare: async (page) => {
      await seen(page, entriesOf('v1-expiry-popup'));
      await page.keyboard.press('b');
      await page.waitForSelector('dialog[open] .blind-spots');
    },
  },
  {
    name: 'unseen-headers',
    live: true,
    prepare: async (page) => {
      const marked = entriesOf('v1-expiry').map((entry) => ({ ...(entry as object), _headersLeftOut: true }));
      await seen(page, marked);
      await page.keyboard.press('b');
      const line = await page.waitForSelector('dialog[open] [data-blind-spot=headers-left-out]');
      await line?.scrollIntoView();
    },
  },
  {
    name: 'memory-full',
    live: true,
    prepare: async (page) => {
      await seen(page, entriesOf('v1-stepup'));
      await page.evaluate(() => {
        window.live.recorder.dropped = 12;
      });
    },
  },
  {
    name: 'stale',
    live: true,
    prepare: async (page) => {
      await seen(page, entriesOf('v1-stepup'));
      await page.evaluate(() => window.live.recorder.lose());
      await page.waitForSelector('.stale');
    },
  },
];
