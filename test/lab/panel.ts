import type { Browser, Frame, Page } from 'puppeteer-core';

/** The real DevTools front end and our panel inside it. */
export interface OpenPanel {
  readonly devtools: Page;
  readonly panel: Frame;
}

async function retried<T>(what: string, seconds: number, attempt: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const found = await attempt();
      if (found !== undefined) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${what} did not appear within ${seconds} s`, { cause: last });
}

/** Runs inside the DevTools front end: shows the panel of this extension, or the first that any added. */
const showExtensionPanel = (extension: string): string => `(async () => {
  const { ViewManager } = await import('./ui/legacy/legacy.js');
  const manager = ViewManager.ViewManager.instance();
  const view = [...manager.views.keys()].find((id) => id.startsWith('chrome-extension://${extension}'));
  if (view) await manager.showView(view);
  return view;
})()`;

/**
 * Shows the inspector's panel in the DevTools that opened with the browser's first tab.
 *
 * @throws Error when DevTools, the extension's panel or its page does not appear
 */
export async function openPanel(browser: Browser): Promise<OpenPanel> {
  const target = await browser.waitForTarget((candidate) => candidate.url().startsWith('devtools://'), {
    timeout: 20_000,
  });
  const devtools = await target.asPage();
  return { devtools, panel: await showPanel(devtools) };
}

/**
 * Shows the panel in these DevTools.
 *
 * @param extension id of the one whose panel is meant, where several have one
 * @throws Error when the panel or its page does not appear
 */
export async function showPanel(devtools: Page, extension = ''): Promise<Frame> {
  await retried(
    'The panel in DevTools',
    20,
    async () => (await devtools.evaluate(showExtensionPanel(extension))) as string | undefined,
  );
  const panel = await retried('The page of the panel', 20, async () =>
    devtools
      .frames()
      .find((frame) => frame.url().startsWith(`chrome-extension://${extension}`) && frame.url().includes('/panel')),
  );
  await panel.waitForSelector('[data-ready="true"]', { timeout: 20_000 });
  return panel;
}

/** What a recorder holds: HAR entries, and what the observer in the page reported. */
export interface RecordedSession {
  readonly entries: readonly unknown[];
  readonly reports: readonly unknown[];
}

/** Everything that the recorder holds, as a panel that says hello is given it. */
export async function recordedSession(panel: Frame): Promise<RecordedSession> {
  return (await panel.evaluate(`new Promise((done) => {
    const channel = new BroadcastChannel('mcp-auth-inspector/' + chrome.devtools.inspectedWindow.tabId);
    const entries = [];
    const reports = [];
    let quiet = setTimeout(finish, 3000);
    function finish() { channel.close(); done({ entries, reports }); }
    channel.onmessage = ({ data }) => {
      clearTimeout(quiet);
      quiet = setTimeout(finish, 500);
      if (data.kind === 'entries') data.entries.forEach((entry, at) => { entries[data.first + at] = entry; });
      if (data.kind === 'observed') reports.push(...data.reports);
    };
    channel.postMessage({ kind: 'hello' });
  })`)) as RecordedSession;
}

/** An outcome as the panel lists it. */
export interface ListedOutcome {
  readonly rule: string;
  readonly kind: string;
  readonly level: string;
  readonly party: string;
}

/** The outcomes that the panel lists at this moment, each once. */
export async function listedOutcomes(panel: Frame): Promise<ListedOutcome[]> {
  const all = await panel.$$eval('[data-rule][data-kind]', (nodes) =>
    nodes.map((node) => {
      const { rule = '', kind = '', level = '', party = '' } = (node as HTMLElement).dataset;
      return { rule, kind, level, party };
    }),
  );
  return [...new Map(all.map((outcome) => [JSON.stringify(outcome), outcome])).values()];
}

/**
 * The outcomes once the panel has taken in everything: its list and its flow unchanged for a second.
 *
 * @throws Error when nothing is listed within 20 s
 */
export async function settledOutcomes(panel: Frame): Promise<ListedOutcome[]> {
  let before = '';
  return retried('A settled list of outcomes', 20, async () => {
    const outcomes = await listedOutcomes(panel);
    const rows = await panel.$$eval('[data-entry]', (nodes) => nodes.map((node) => node.outerHTML.length));
    const now = JSON.stringify([outcomes, rows]);
    if (now === before && outcomes.length > 0) return outcomes;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 800));
    return undefined;
  });
}
