import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s256 } from '../../src/protocol/pkce.ts';
import { analyze } from '../../src/report/analyze.ts';
import { htmlReport } from '../../src/report/html/report.ts';
import { launchBrowser } from '../lab/browser.ts';
import { har, signIn } from './hars.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const verifier = 'v'.repeat(50);
const page = htmlReport(
  analyze(
    har(
      signIn({
        code: 'c0de-Zx81_mmQ2',
        state: 'st4te-0123456789abcdef',
        verifier,
        challenge: s256(verifier),
        access: 'acce55-opaque-token-value',
        refresh: 'refre5h-opaque-token-value',
        password: 'correct horse battery',
        user: 'alice@example.org',
        cookie: 'c00kie-Value-123456',
        session: '7a5b3c1d-9f8e-4a6b-8c2d-0e1f2a3b4c5d',
        scope: 'files:read',
      }),
    ),
    { name: 'session.har' },
  ),
);

describe('the HTML report in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser({ headless: true });
  }, 30_000);
  afterAll(() => browser?.close());

  for (const scheme of ['light', 'dark'] as const) {
    it(`is accessible and complains of nothing (${scheme})`, { timeout: 30_000 }, async () => {
      const tab = await browser.newPage();
      const complaints: string[] = [];
      tab.on('console', (message) => complaints.push(message.text()));
      tab.on('request', (request) => {
        if (!request.url().startsWith('data:') && !request.url().startsWith('about:')) complaints.push(request.url());
      });
      await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await tab.setContent(page);
      const background = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe(scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(21, 24, 28)');
      // The debugger's own scripts are not bound by the page's policy.
      await tab.evaluate(axe);
      const violations = await tab.evaluate(async () => {
        const { axe: checker } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
        return (await checker.run()).violations.map((violation) => violation.id);
      });
      expect(violations).toEqual([]);
      expect(complaints).toEqual([]);
      await tab.close();
    });
  }
});
