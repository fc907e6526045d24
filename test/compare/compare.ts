import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'puppeteer-core';
import { FirefoxPanel } from '../extension/firefox-panel.ts';
import { grantedBuild } from '../extension/granted.ts';
import { Firefox, findFirefox } from '../extension/marionette.ts';
import { findBrowser, launchBrowser } from '../lab/browser.ts';
import { startLab } from '../lab/lab.ts';
import { openPanel, recordedEntries, settledOutcomes } from '../lab/panel.ts';
import { isScenarioName, runScenario, type ScenarioName, scenarios } from '../lab/scenarios.ts';
import { User } from '../lab/user.ts';

/**
 * `npm run compare -- [scenario]`: what Playwright's network log and the extension's tiers see of the same session, in
 * both browsers, as a table in Markdown. Each log is judged by the same engine, so that what differs is what was seen.
 */
const run = promisify(execFile);

interface Column {
  readonly browser: string;
  readonly seenBy: string;
  entries(scenario: ScenarioName): Promise<readonly unknown[]>;
}

const columns: readonly Column[] = [
  { browser: 'Chromium', seenBy: "Playwright's network log", entries: seenByPlaywright },
  { browser: 'Chromium', seenBy: 'tier 0', entries: (name) => seenInChromium(name, 'dist/chrome') },
  {
    browser: 'Chromium',
    seenBy: 'everything granted',
    entries: (name) => granted('dist/chrome', name, seenInChromium),
  },
  { browser: 'Firefox', seenBy: 'tier 0', entries: (name) => seenInFirefox(name, 'dist/firefox') },
  { browser: 'Firefox', seenBy: 'everything granted', entries: (name) => granted('dist/firefox', name, seenInFirefox) },
];

async function granted(built: string, name: ScenarioName, see: typeof seenInChromium): Promise<readonly unknown[]> {
  const folder = await grantedBuild(built);
  return see(name, folder).finally(() => rm(folder, { recursive: true, force: true }));
}

/** The HAR that Playwright records of the page it drives; the deeds are the laboratory's own. */
async function seenByPlaywright(name: ScenarioName): Promise<readonly unknown[]> {
  const folder = await mkdtemp(join(tmpdir(), 'compare-'));
  const path = join(folder, 'log.har');
  const scenario = scenarios[name];
  const lab = await startLab({ latency: 150, ...scenario.lab });
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
  try {
    const context = await browser.newContext({ recordHar: { path, content: 'embed', mode: 'full' } });
    const page = await context.newPage();
    // The few methods that a user needs are the same in both libraries.
    const pages = { pages: async () => context.pages() } as unknown as Browser;
    const user = new User(pages, page as unknown as Page, lab);
    await user.open(scenario.page, scenario.client);
    await scenario.run(user, lab);
    await context.close();
    return JSON.parse(await readFile(path, 'utf8')).log.entries;
  } finally {
    await browser.close();
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function seenInChromium(name: ScenarioName, extension: string): Promise<readonly unknown[]> {
  const browser = await launchBrowser({ headless: true, extension: resolve(extension) });
  try {
    const { panel } = await openPanel(browser);
    return await runScenario(browser, name, async () => {
      await settledOutcomes(panel);
      return recordedEntries(panel);
    });
  } finally {
    await browser.close();
  }
}

async function seenInFirefox(name: ScenarioName, extension: string): Promise<readonly unknown[]> {
  const path = findFirefox();
  if (path === null) return [];
  const firefox = await Firefox.start(path);
  try {
    await firefox.send('Addon:Install', { path: resolve(extension), temporary: true });
    const browser = await firefox.pages();
    const panel = await FirefoxPanel.open(firefox);
    return await runScenario(browser, name, async () => {
      await panel.settledOutcomes();
      return panel.entries();
    });
  } finally {
    await firefox.close();
  }
}

interface Annotated {
  readonly log: {
    readonly _mcpAuth: {
      readonly summary: { readonly fail: Record<string, number>; readonly pass: number; readonly open: number };
    };
    readonly entries: readonly {
      readonly _mcpAuth?: { readonly role?: string };
      readonly response: { readonly content: { readonly text?: string } };
    }[];
  };
}

/** One row of the table: what a log holds, and what the engine makes of it. */
async function row({ browser, seenBy }: Column, entries: readonly unknown[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'compare-'));
  try {
    const file = join(folder, 'log.har');
    const log = { version: '1.2', creator: { name: 'compare', version: '1' }, entries };
    await writeFile(file, JSON.stringify({ log }));
    const args = ['dist/cli/main.js', 'analyze', file, '--format', 'har', '--fail-on', 'never', '--quiet'];
    const { stdout } = await run(process.execPath, args, { maxBuffer: 500_000_000 });
    const { log: judged } = JSON.parse(stdout) as Annotated;
    const auth = judged.entries.filter(({ _mcpAuth }) => _mcpAuth?.role !== undefined);
    const bodies = auth.filter(({ response }) => (response.content.text ?? '') !== '');
    const { fail, pass, open } = judged._mcpAuth.summary;
    const fails = Object.values(fail).reduce((sum, count) => sum + count, 0);
    const cells = [browser, seenBy, entries.length, auth.length, bodies.length, fails, pass, open];
    return `| ${cells.join(' | ')} |`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function main([name = 'v1-stepup-popup']: readonly string[]): Promise<void> {
  if (!isScenarioName(name)) throw new Error(`no scenario is named ${name}`);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say(`${name}: ${scenarios[name].about}\n`);
  say('| browser | seen by | exchanges | of them auth and MCP | with bodies | fail | pass | open |');
  say('|---|---|---|---|---|---|---|---|');
  for (const column of columns) say(await row(column, await column.entries(name)));
}

await main(process.argv.slice(2));
process.exit(0);
