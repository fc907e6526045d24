import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'puppeteer-core';
import { checkScriptReports } from '../../src/capture/script-report.ts';
import { scriptViews } from '../../src/capture/script-view.ts';
import { analyze } from '../../src/report/analyze.ts';
import { startChromium } from '../e2e/tiers/chromium-desk.ts';
import type { Desk } from '../e2e/tiers/desk.ts';
import { startFirefox } from '../e2e/tiers/firefox-desk.ts';
import { findBrowser } from '../lab/browser.ts';
import { findFirefox } from '../lab/firefox.ts';
import { startLab } from '../lab/lab.ts';
import { listen } from '../lab/listen.ts';
import { isScenarioName, runScenario, type ScenarioName, scenarios } from '../lab/scenarios.ts';
import { User } from '../lab/user.ts';

/**
 * `npm run compare -- [scenario]`: what Playwright's network log and the extension's tiers see of a session, in both
 * browsers, as a table in Markdown. In each browser the tiers watch one and the same session; Playwright's is one of its
 * own. Each log is judged by the same engine, so that what differs is what was seen.
 */
interface Seen {
  readonly entries: readonly unknown[];
  /** Of tier 2: what the observer in the page reported. */
  readonly reports: readonly unknown[];
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

/** A port that was free a moment ago: the site to look closer at must be known before it is there. */
async function freePort(): Promise<number> {
  const { origin, close } = await listen(() => () => undefined);
  await close();
  return Number(new URL(origin).port);
}

/** What each tier saw of one session; tier 2 is tier 1 and what the page's script could read. */
async function seenByTiers(desk: Desk, name: ScenarioName): Promise<readonly [Seen, Seen, Seen]> {
  try {
    await desk.openDevtools();
    const pages = await freePort();
    await desk.panel(1);
    await desk.observe(`http://127.0.0.1:${pages}`);
    await new Promise((later) => setTimeout(later, 2_000));
    const free = { authorizationServer: 0, secondAuthorizationServer: 0, mcpServer: 0, model: 0 };
    const observe = async (): Promise<readonly [Seen, Seen, Seen]> => {
      // The last records wait for the network log's own.
      await new Promise((later) => setTimeout(later, 3_000));
      const [without, watched] = [await desk.panel(0), await desk.panel(1)];
      const tierZero = { entries: await without.entries(), reports: [] };
      const tierOne = { entries: await watched.entries(), reports: [] };
      return [tierZero, tierOne, { ...tierOne, reports: await watched.reports() }];
    };
    return await runScenario(desk.browser, name, observe, {}, { ...free, pages });
  } finally {
    await desk.close();
  }
}

/** One row of the table: what a log holds, and what the engine makes of it. */
function row(browser: string, seenBy: string, { entries, reports }: Seen): string {
  const { exchanges, story, result } = analyze({ log: { entries } }, { name: seenBy });
  const auth = exchanges.filter(({ entry }) => story.roleOf(entry) !== null);
  const bodies = auth.filter(({ response }) => response.body.text !== '');
  const views = scriptViews(exchanges, checkScriptReports(reports));
  const kinds = ['fail', 'pass', 'open'].map((kind) => result.outcomes.filter((one) => one.kind === kind).length);
  const read = reports.length === 0 ? 'no' : `of ${auth.filter(({ entry }) => views.has(entry)).length}`;
  return `| ${[browser, seenBy, exchanges.length, auth.length, bodies.length, read, ...kinds].join(' | ')} |`;
}

async function main([name = 'v1-stepup-popup']: readonly string[]): Promise<void> {
  if (!isScenarioName(name)) throw new Error(`no scenario is named ${name}`);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say(`${name}: ${scenarios[name].about}\n`);
  say("| browser | seen by | exchanges | of them auth and MCP | with bodies | script's view | fail | pass | open |");
  say('|---|---|---|---|---|---|---|---|---|');
  say(row('Chromium', "Playwright's network log", { entries: await seenByPlaywright(name), reports: [] }));
  const desks = [startChromium, ...(findFirefox() === null ? [] : [startFirefox])];
  for (const start of desks) {
    const desk = await start();
    const tiers = await seenByTiers(desk, name);
    for (const [tier, seen] of tiers.entries()) say(row(desk.name, tierNames[tier] ?? '', seen));
  }
}

const tierNames = [
  "tier 0: DevTools' network log",
  'tier 1: popups, workers and open streams watched',
  'tier 2: the site looked closer at',
] as const;

await main(process.argv.slice(2));
process.exit(0);
