import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Analysis } from '../../src/report/analysis.ts';
import { analyze } from '../../src/report/analyze.ts';
import { htmlReport } from '../../src/report/html/report.ts';
import { stepUp } from '../cli/fixtures.ts';
import { launchBrowser } from '../lab/browser.ts';
import { har } from './hars.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

function recording(name: string): Analysis {
  const file = new URL(`../recordings/${name}.har`, import.meta.url);
  return analyze(JSON.parse(readFileSync(file, 'utf8')), { name: `${name}.har` });
}

/** A session in which everything that a report can tell occurs: notes, damage, known, expected and stale faults. */
function eventful(): Analysis {
  const document = har(stepUp('files:other'));
  const { entries } = document.log as { entries: unknown[] };
  const known = analyze(document, { name: 'earlier.har' }).result.outcomes.filter(({ kind }) => kind === 'fail');
  const expected = (rule: string, expires: string | null = null) => ({
    rule,
    server: null,
    reason: '<b>the vendor</b> mends it',
    expires,
  });
  const analysis = analyze(
    { log: { ...document.log, entries: [...entries, 7, { request: { headers: 'none' } }] } },
    {
      name: 'eventful.har',
      baseline: known.slice(1),
      expectations: {
        list: [
          expected('challenge-scope-authoritative', '2026-12-31'),
          expected('code-leaked'),
          expected('state-used'),
        ],
        today: '2026-06-15',
      },
    },
  );
  const notes = [
    { entry: 8, text: 'Here it <i>forgets</i> the scope.\nTwice.', pinned: true },
    { entry: null, text: 'With a new account.', pinned: false },
  ];
  return { ...analysis, notes: { name: 'Release 2', notes } };
}

const sessions: readonly (readonly [string, Analysis])[] = [
  ['a step-up that loses scopes', recording('v1-stepup')],
  ['a sign-in in a popup', recording('v2-auto-stepup-popup')],
  ['a move to another authorization server', recording('usemcp-migration')],
  ['an eventful session', eventful()],
  ['nothing at all', analyze({ log: { entries: [] } }, { name: 'empty.har' })],
];

const violations = (tab: Page): Promise<string[]> =>
  tab.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
    return (await checker.run()).violations.map((violation) => violation.id);
  });

describe('the HTML report in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser({ headless: true });
  }, 30_000);
  afterAll(() => browser?.close());

  for (const [about, analysis] of sessions) {
    for (const scheme of ['light', 'dark'] as const) {
      it(`of ${about} is accessible and complains of nothing (${scheme})`, async () => {
        const tab = await browser.newPage();
        const complaints: string[] = [];
        tab.on('console', (message) => complaints.push(message.text()));
        tab.on('request', (request) => {
          if (!request.url().startsWith('data:') && !request.url().startsWith('about:')) complaints.push(request.url());
        });
        await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await tab.setContent(htmlReport(analysis));
        const background = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
        expect(background).toBe(scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(21, 24, 28)');
        // The debugger's own scripts are not bound by the page's policy.
        await tab.evaluate(axe);
        expect(await violations(tab)).toEqual([]);
        expect(complaints).toEqual([]);
        await tab.close();
      });
    }
  }

  it('fits the paper and folds nothing that proves a finding', async () => {
    const tab = await browser.newPage();
    await tab.setViewport({ width: 720, height: 1000 });
    await tab.emulateMediaType('print');
    await tab.setContent(htmlReport(recording('v1-stepup')));
    const seen = await tab.evaluate(() => {
      const shown = (selector: string) =>
        [...document.querySelectorAll(selector)].map((one) => one.checkVisibility({ contentVisibilityAuto: true }));
      return {
        widest: document.documentElement.scrollWidth,
        occasions: shown('.occasions .message'),
        contents: shown('nav'),
      };
    });
    expect(seen.widest).toBeLessThanOrEqual(720);
    expect(seen.occasions.length).toBeGreaterThan(1);
    expect(seen.occasions.every(Boolean)).toBe(true);
    expect(seen.contents).toEqual([false]);
    await tab.close();
  });

  it('leads from the evidence to its place in the sign-in', async () => {
    const tab = await browser.newPage();
    await tab.setContent(htmlReport(recording('v1-stepup')));
    const target = await tab.$eval('.evidence a', (link) => {
      (link as HTMLAnchorElement).click();
      return document.querySelector(':target')?.closest('figure')?.id ?? '';
    });
    expect(target).toMatch(/^g\d+$/);
    await tab.close();
  });
});

describe('the HTML report by html-validate', () => {
  const presets = ['recommended', 'document', 'a11y'].map((preset) => `html-validate:${preset}`);
  const validator = new HtmlValidate(new StaticConfigLoader({ extends: presets }));
  const complaints = async (page: string): Promise<readonly string[]> => {
    const { results } = await validator.validateString(page);
    return results.flatMap(({ messages }) =>
      messages.map(({ ruleId, line, message }) => `${line} ${ruleId}: ${message}`),
    );
  };

  for (const [about, analysis] of sessions) {
    it(`of ${about} is valid`, async () => {
      expect(await complaints(htmlReport(analysis))).toEqual([]);
    });
  }

  it('would be found out', async () => {
    expect(await complaints(htmlReport(eventful()).replace('</h1>', ''))).not.toEqual([]);
  });
});

describe('the HTML report tells', () => {
  const page = htmlReport(eventful());
  it.each([
    'Release 2',
    'Expected until 2026-12-31: &lt;b&gt;the vendor&lt;/b&gt; mends it',
    'Known from the baseline.',
    'happens, as expected',
    'no longer happens',
    '9 parts of the recording could not be read:',
  ])('%s', (words) => expect(page).toContain(words));
});
