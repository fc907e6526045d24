import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyze } from 'mcp-auth-inspector';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingFor } from '../e2e/needs.ts';
import { findBrowser } from '../lab/browser.ts';
import { startLab } from '../lab/lab.ts';
import { scenarios } from '../lab/scenarios.ts';
import { User } from '../lab/user.ts';
import { clientFaults } from './playwright.ts';

const missing = missingFor({ extension: false });

/** A faulty client (SDK v1) in a page, driven and recorded by Playwright. */
describe.skipIf(missing)(`an end-to-end test with Playwright${missing && ` (${missing})`}`, () => {
  let folder = '';
  let har = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playwright-'));
    har = join(folder, 'e2e.har');
    const scenario = scenarios['v1-stepup'];
    const lab = await startLab(scenario.lab);
    const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
    try {
      const context = await browser.newContext({ recordHar: { path: har, content: 'embed' } });
      const page = (await context.newPage()) as unknown as Page;
      // The few methods that a user needs are the same in both libraries.
      const user = new User({ pages: async () => context.pages() } as unknown as Browser, page, lab);
      await user.open(scenario.page, scenario.client);
      await scenario.run(user, lab);
      await context.close();
    } finally {
      await browser.close();
      await lab.close();
    }
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('fails on a fault of the client', async () => {
    const faults = await clientFaults(har);
    expect(faults.join('\n')).toContain('sep-2350-scope-union-on-reauth');
  });

  it('fails on new faults only, where known ones are told', async () => {
    const known = analyze(JSON.parse(await readFile(har, 'utf8')), { name: 'known.har' }).result;
    expect(await clientFaults(har, known)).toEqual([]);
  });
});
