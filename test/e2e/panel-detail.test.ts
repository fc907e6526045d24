import type { Frame } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { launchBrowser } from '../lab/browser.ts';
import { openPanel, settledOutcomes } from '../lab/panel.ts';
import { runScenario } from '../lab/scenarios.ts';
import { extensionFolder, missingFor } from './needs.ts';

const missing = missingFor({ extension: true });
const limit = 120_000;

/** Clicks inside the panel's frame: real coordinates are those of DevTools. */
const click = async (panel: Frame, selector: string): Promise<void> => {
  await panel.waitForSelector(selector);
  await panel.$eval(selector, (element) => (element as HTMLElement).click());
};
const textOf = (panel: Frame, selector: string): Promise<string> =>
  panel.$eval(selector, (element) => element.textContent ?? '');

describe.skipIf(missing)(`in Chromium's DevTools${missing && ` (${missing})`}`, () => {
  it('checks a real token by its issuer’s keys, and finds an exchange in the Network panel', {
    timeout: limit,
  }, async () => {
    const browser = await launchBrowser({ headless: true, extension: extensionFolder });
    try {
      const { devtools, panel } = await openPanel(browser);
      await runScenario(browser, 'v2-expiry', async () => {
        await settledOutcomes(panel);
        await click(panel, '#tab-token');
        await click(panel, '.signature button');
        await panel.waitForSelector('.which-keys');
        expect(await textOf(panel, '.which-keys .key-address')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/jwks$/);
        await click(panel, '.which-keys .primary');
        await panel.waitForSelector('.signature .badge.pass');
        expect(await textOf(panel, '.signature')).toMatch(/right (ES|RS|PS)256 by the \w+ key/);

        await click(panel, '#tab-exchange');
        const entry = '[data-entry][data-status="401"]';
        await click(panel, entry);
        await click(panel, '.reveal');
        await devtools.waitForFunction(`(async () => {
          const { ViewManager } = await import('./ui/legacy/legacy.js');
          return ViewManager.ViewManager.instance().isViewVisible('network');
        })()`);
        return null;
      });
    } finally {
      await browser.close();
    }
  });
});
