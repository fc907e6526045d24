import { generateKeyPairSync } from 'node:crypto';
import type { Page } from 'puppeteer-core';
import { values } from '../../cli/fixtures.ts';
import { har, issuer, server, signIn } from '../../report/hars.ts';
import { type Docking, importText, openSample, openUndecided, type PanelPage, press } from '../panel-page.ts';
import { liveStates } from './live.ts';
import { choose, jwksOf, openTokens } from './session.ts';
import type { State } from './state.ts';
import { recording } from './traffic.ts';

/** Opens the panel and brings it into a state. */
export async function openState(panel: PanelPage, state: State, docking: Docking): Promise<Page> {
  const asks = state.live === 'ask';
  const page = await (state.live === undefined ? panel.open('light', docking) : panel.openLive({ docking, asks }));
  await state.prepare(page);
  return page;
}

/** What the user does once the sample session is shown. */
const sample =
  (...deeds: readonly ((page: Page) => Promise<unknown>)[]) =>
  async (page: Page): Promise<void> => {
    await openSample(page);
    for (const deed of deeds) await deed(page);
  };
const keys =
  (...all: readonly string[]) =>
  (page: Page): Promise<void> =>
    press(page, ...all);
const click = (selector: string) => (page: Page) => page.click(selector);
const see = (selector: string) => (page: Page) => page.waitForSelector(selector);
const search = (text: string) => (page: Page) => page.type('#filter', text);
const open = (name: string) => (page: Page) => importText(page, `${name}.har`, recording(name));

const exporting = async (page: Page): Promise<void> => {
  await importText(page, 'session.har', JSON.stringify(har(signIn(values))));
  await press(page, 'x');
  await page.waitForSelector('.preview[aria-busy=false] tbody');
};
const suppressing = sample((page) => choose(page, 'Suppress', 'Everywhere'), see('.just-suppressed'));

const fileStates: readonly State[] = [
  { name: 'empty', prepare: async () => {} },
  { name: 'finding', prepare: sample() },
  { name: 'evidence', prepare: sample(click('.outcome.open .evidence .entry'), see('.wire mark')) },
  { name: 'rule-page', prepare: sample(click('.outcome.open .source .link'), see('.rule-page')) },
  { name: 'exchange', prepare: sample(keys('j', 'j', '2')) },
  { name: 'token', prepare: sample(keys('3')) },
  { name: 'scopes', prepare: sample(keys('4')) },
  { name: 'raw', prepare: sample(keys('j', 'j', 'j', '5')) },
  { name: 'opaque-token', prepare: opaque },
  { name: 'notebook', prepare: sample(keys('j', 'm', '6'), see('.notes textarea')) },
  { name: 'note', prepare: sample(keys('j', 'j', 'e'), see('#note:focus')) },
  { name: 'search', prepare: sample(search('status:4xx'), keys('Enter')) },
  { name: 'completion', prepare: sample(search('status:'), see('.completions [role=option]')) },
  {
    name: 'search-history',
    prepare: sample(search('status:4xx'), keys('Enter', 'Escape', '/', 'ArrowDown'), see('.completions [role=option]')),
  },
  { name: 'no-match', prepare: sample(search('nothing like this')) },
  { name: 'checks', prepare: sample(click('[data-verdict=all-checks]')) },
  { name: 'end', prepare: sample(keys('j', 'End')) },
  { name: 'all-traffic', prepare: sample((page) => page.$eval('.check input', (box) => (box as HTMLElement).click())) },
  { name: 'export', prepare: exporting },
  {
    name: 'export-of-live-secrets',
    prepare: async (page) => {
      await exporting(page);
      await page.click('input[value=none]');
      await page.waitForSelector('.sheet-actions .warning');
    },
  },
  {
    name: 'export-without-suppressed',
    prepare: async (page) => {
      await suppressing(page);
      await press(page, 'x');
      await page.waitForSelector('.preview[aria-busy=false]');
    },
  },
  { name: 'sessions', prepare: sample(keys('s')) },
  {
    name: 'comparison',
    prepare: async (page) => {
      await open('v1-stepup')(page);
      await open('v2-stepup')(page);
      await page.waitForFunction(() => document.querySelector('.statusbar')?.textContent?.includes('v2-stepup'));
      await press(page, 's');
      await page.waitForSelector('[data-difference=fixed]');
    },
  },
  {
    name: 'comparison-with-new-faults',
    prepare: async (page) => {
      await open('v2-stepup')(page);
      await open('v1-stepup')(page);
      await page.waitForFunction(() => document.querySelector('.statusbar')?.textContent?.includes('v1-stepup'));
      await press(page, 's');
      await page.waitForSelector('[data-difference=new] li');
    },
  },
  {
    name: 'several-servers',
    prepare: (page) => importText(page, 'servers.har', JSON.stringify(servers())),
  },
  {
    name: 'file-over-the-panel',
    prepare: sample(
      (page) =>
        page.evaluate(() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(['{}'], 'session.har'));
          document.body.dispatchEvent(new DragEvent('dragover', { bubbles: true, dataTransfer }));
        }),
      see('.drop'),
    ),
  },
  {
    name: 'empty-file',
    prepare: async (page) => {
      await importText(page, 'empty.har', '{"log":{"version":"1.2","entries":[]}}', '.empty ::-p-text(No exchange)');
    },
  },
  {
    name: 'import-failed',
    prepare: sample((page) => importText(page, 'broken.har', '{"log": {"entries": 7}}'), see('dialog[open]')),
  },
  {
    name: 'problems',
    prepare: async (page) => {
      await importText(page, 'careless.har', careless());
      await page.locator('.statusbar ::-p-text(could not be read)').click();
      await page.waitForSelector('dialog[open] .problems');
    },
  },
  { name: 'cleared', prepare: sample(keys('c'), see('.toast')) },
  { name: 'keys', prepare: sample(keys('?')) },
  { name: 'unseen', prepare: sample(keys('b')) },
  { name: 'settings', prepare: sample(keys(',')) },
  {
    name: 'open-outcome',
    prepare: async (page) => {
      await openUndecided(page);
      await page.click('[data-kind=open] .outcome-head');
      await page.waitForSelector('.would-decide');
    },
  },
  {
    name: 'menu-of-a-finding',
    prepare: sample((page) => page.locator('.body .menu-button ::-p-text(Copy)').click(), see('[role=menuitem]')),
  },
  {
    name: 'menu-of-an-exchange',
    prepare: sample(
      keys('j', 'j', '2'),
      (page) => page.locator('.exchange-actions .menu-button').click(),
      see('[role=menuitem]'),
    ),
  },
  { name: 'just-suppressed', prepare: suppressing },
  {
    name: 'suppressed',
    prepare: async (page) => {
      await suppressing(page);
      await page.locator('.section ::-p-text(Suppressed)').click();
      await page.waitForSelector('.suppressed-list:not([hidden])');
    },
  },
  {
    name: 'settings-with-suppression',
    prepare: async (page) => {
      await suppressing(page);
      await press(page, ',');
      await page.waitForSelector('dialog[open] .suppressions li');
    },
  },
  {
    name: 'signature-keys-asked-for',
    prepare: async (page) => {
      await openTokens(page, false);
      await page.waitForSelector('.which-keys');
    },
  },
  {
    name: 'signature-right',
    prepare: async (page) => {
      await openTokens(page, true);
      await page.waitForSelector('.signature .badge.pass');
    },
  },
  {
    name: 'signature-wrong',
    prepare: async (page) => {
      const other = await jwksOf(generateKeyPairSync('rsa', { modulusLength: 2048 }));
      await openTokens(page, false);
      await page.type('.which-keys textarea', other);
      await page.locator('.which-keys ::-p-text(Check by these keys)').click();
      await page.waitForSelector('.signature .badge.error');
    },
  },
  {
    name: 'signature-refused',
    prepare: async (page) => {
      const jwt = [
        { alg: 'HS256', typ: 'JWT' },
        { iss: issuer, aud: server, scope: 'files:read' },
      ].map(base64url);
      await importText(
        page,
        'hmac.har',
        JSON.stringify(har(signIn({ ...values, access: `${jwt.join('.')}.c2lnbmF0dXJl` }))),
      );
      await press(page, '3');
      await page.locator('.signature button').click();
      await page.type('.which-keys textarea', '{"keys":[]}');
      await page.locator('.which-keys ::-p-text(Check by these keys)').click();
      await page.waitForSelector('.signature .badge.error');
    },
  },
];

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function opaque(page: Page): Promise<void> {
  await importText(page, 'opaque.har', JSON.stringify(har(signIn(values))));
  await press(page, '3');
  await page.waitForSelector('.token .remark');
}

/** Two MCP servers, each with an issuer of its own, in one log. */
function servers(): object {
  const first = har(signIn(values));
  const other = JSON.parse(
    JSON.stringify(
      har(
        signIn({ ...values, access: 'an0ther-access-token', refresh: 'an0ther-refresh-token', code: 'an0ther-code-2' }),
      ),
    )
      .replaceAll('mcp.example.com', 'tickets.example.org')
      .replaceAll('as.example.com', 'login.example.org')
      .replaceAll('12:00:0', '12:00:3'),
  );
  return { log: { ...first.log, entries: [...(first.log.entries as object[]), ...other.log.entries] } };
}

/** A recording of which several fields cannot be read. */
function careless(): string {
  const log = JSON.parse(recording('v1-stepup')) as { log: { entries: Record<string, unknown>[] } };
  for (const [at, entry] of log.log.entries.entries()) {
    if (at % 6 === 0) entry.startedDateTime = 'yesterday';
    if (at % 7 === 0) (entry.response as Record<string, unknown>).headers = 'none';
  }
  return JSON.stringify(log);
}

/** Every state of the panel. */
export const states: readonly State[] = [...fileStates, ...liveStates];
