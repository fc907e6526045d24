import { expect, it } from 'vitest';
import { readAskFragment } from '../../src/extension/asking.ts';
import { FirefoxPanel } from '../extension/firefox-panel.ts';
import { Firefox } from '../extension/marionette.ts';
import { findFirefox } from '../lab/firefox.ts';
import { runScenario } from '../lab/scenarios.ts';
import { firefoxFolder, firefoxMissing } from './tiers/firefox-desk.ts';

/** Presses a key in the panel, and clicks the button of the sheet that it opens. */
const opens = (key: string): string =>
  `(document.body.dispatchEvent(new content.KeyboardEvent('keydown', { key: '${key}', bubbles: true })), true)`;
const clicks = (words: string): string => `(() => {
  const button = [...document.querySelectorAll('dialog[open] button')].find((one) => one.textContent === '${words}');
  button?.click();
  return button !== undefined;
})()`;

it.skipIf(firefoxMissing)(
  `in Firefox's toolbox a redirect sign-in is seen whole, and what needs a permission is asked for in a tab`,
  async () => {
    const firefox = await Firefox.start(findFirefox() ?? '');
    try {
      await firefox.send('Addon:Install', { path: firefoxFolder, temporary: true });
      const browser = await firefox.pages();
      const panel = await FirefoxPanel.open(firefox);
      await runScenario(browser, 'v1-expiry', async (_user, lab) => {
        const outcomes = await panel.settledOutcomes();
        const failing = outcomes.filter(({ kind }) => kind === 'fail').map(({ rule }) => rule);
        expect(failing).toContain('sep-2207-offline-access-requested');
        await panel.read(opens('b'));
        await expect.poll(() => panel.read(clicks('Watch popups and workers')), { timeout: 10_000 }).toBe(true);
        const lastTab = 'return gBrowser.tabs.at(-1).linkedBrowser.currentURI.spec';
        const asked = async () => readAskFragment(new URL(String(await firefox.inBrowser(lastTab))).hash);
        const hosts = [lab.pages.origin, lab.mcpServer.url, lab.authorizationServer.issuer];
        await expect.poll(asked, { timeout: 10_000 }).toEqual({
          watch: [...new Set(hosts.map((url) => `http://${new URL(url).hostname}/*`))],
          look: [lab.pages.origin],
        });
      });
    } finally {
      await firefox.close();
    }
  },
  180_000,
);
