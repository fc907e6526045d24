import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { FirefoxPanel } from '../extension/firefox-panel.ts';
import { grantedBuild, grantedIdInFirefox } from '../extension/granted.ts';
import { Firefox } from '../extension/marionette.ts';
import { findFirefox } from '../lab/firefox.ts';
import { listen } from '../lab/listen.ts';
import { firefoxFolder, firefoxMissing } from './tiers/firefox-desk.ts';

/** In a page: redeems a code that its address names. */
const page = `<script>
  const code = location.search.slice(1);
  fetch('/token?' + code, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', code }) });
</script>`;

/** What the extension has stored for as long as the browser runs. */
const kept = 'content.wrappedJSObject.browser.storage.session.get(null)';

/** What an extension's promise brings, as JSON. */
async function resolved(panel: FirefoxPanel, promise: string): Promise<string> {
  const keep = `Cu.exportFunction((value) => {
    document.documentElement.dataset.resolved = JSON.stringify(Cu.waiveXrays(value));
  }, content)`;
  await panel.read(`(delete document.documentElement.dataset.resolved, ${promise}.then(${keep}), true)`);
  const text = () => panel.read<string>(`document.documentElement.dataset.resolved ?? ''`);
  await expect.poll(text, { timeout: 10_000 }).not.toBe('');
  return text();
}

/** Only Firefox can be told without a window that an extension may see private ones. */
it.skipIf(firefoxMissing)(
  `of a private window, its DevTools open, nothing is kept in storage.session${firefoxMissing && ` (${firefoxMissing})`}`,
  async () => {
    const asked: string[] = [];
    const { origin, close } = await listen(() => (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.method !== 'POST') response.writeHead(200, { 'content-type': 'text/html' }).end(page);
      else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"access_token":"t","token_type":"Bearer"}');
    });
    const extension = await grantedBuild(firefoxFolder);
    const firefox = await Firefox.start(findFirefox() ?? '');
    try {
      await firefox.send('Addon:Install', { path: extension, temporary: true, allowPrivateBrowsing: true });
      const panel = await FirefoxPanel.open(firefox);
      const allowed = `return WebExtensionPolicy.getByID('${grantedIdInFirefox}').privateBrowsingAllowed`;
      expect(await firefox.inBrowser(allowed)).toBe(true);
      await firefox.inBrowser(`
        const window = OpenBrowserWindow({ private: true });
        await new Promise((ready) => window.addEventListener('load', ready, { once: true }));
        await window.delayedStartupPromise;
        const { gDevTools } = ChromeUtils.importESModule('resource://devtools/shared/loader/Loader.sys.mjs')
          .require('devtools/client/framework/devtools');
        const box = await gDevTools.showToolboxForTab(window.gBrowser.selectedTab, { toolId: 'netmonitor' });
        for (let i = 0; i < 80 && !box.visibleAdditionalTools.some((id) => id.startsWith('webext-')); i++)
          await new Promise((later) => setTimeout(later, 250));
        window.gBrowser.selectedBrowser.loadURI(Services.io.newURI('${origin}/?secret'), {
          triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal(),
        });`);
      await expect.poll(() => asked, { timeout: 20_000 }).toContain('POST /token?secret');
      await firefox.navigate(`${origin}/?ordinary`);
      // Later than what the private window did: that would have been kept by then.
      await expect.poll(() => resolved(panel, kept), { timeout: 20_000 }).toContain('code=ordinary');
      expect(await resolved(panel, kept)).not.toContain('secret');
    } finally {
      await firefox.close();
      await close();
      await rm(extension, { recursive: true, force: true });
    }
  },
  120_000,
);
