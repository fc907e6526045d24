import type { Browser, CDPSession } from 'puppeteer-core';
import type { CdpBrowser, CdpSession } from '../../src/cli/record/cdp.ts';

/** A browser that Puppeteer started, as the recorder needs it. */
export async function cdpOf(browser: Browser): Promise<CdpBrowser> {
  const root = await browser.target().createCDPSession();
  const session = (one: CDPSession | null | undefined): CdpSession | null => (one ?? null) as CdpSession | null;
  return {
    root: root as CdpSession,
    version: () => browser.version(),
    session: (id) => session(root.connection()?.session(id)),
  };
}
