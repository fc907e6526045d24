import type { ListedOutcome } from '../lab/panel.ts';
import type { Firefox } from './marionette.ts';

/** Our panel in the toolbox of Firefox's first tab: reached through the browser's own window, as nothing else can. */
export class FirefoxPanel {
  readonly #firefox: Firefox;

  private constructor(firefox: Firefox) {
    this.#firefox = firefox;
  }

  /**
   * Opens the toolbox of the selected tab; the panel itself stays closed until it is read.
   *
   * @throws Error when the extension's panel does not appear within 20 s
   */
  static async open(firefox: Firefox): Promise<FirefoxPanel> {
    const found = await firefox.inBrowser(openToolbox);
    if (found !== true) throw new Error('The panel did not appear in the toolbox');
    return new FirefoxPanel(firefox);
  }

  /** Evaluates an expression in the panel's page; its value must be JSON. */
  async read<T>(expression: string): Promise<T> {
    return (await this.#firefox.inBrowser(inPanel(expression))) as T;
  }

  /** Every HAR entry that the recorder holds, as the panel would be given them. */
  async entries(): Promise<unknown[]> {
    return (await this.#firefox.inBrowser(recorded)) as unknown[];
  }

  /** The outcomes that the panel lists, once its list and its flow were unchanged for a second. */
  async settledOutcomes(): Promise<ListedOutcome[]> {
    let before = '';
    for (let attempt = 0; attempt < 30; attempt += 1) {
      const { outcomes, rows } = await this.read<{ outcomes: ListedOutcome[]; rows: number[] }>(listed);
      const now = JSON.stringify([outcomes, rows]);
      if (now === before && outcomes.length > 0) {
        return [...new Map(outcomes.map((outcome) => [JSON.stringify(outcome), outcome])).values()];
      }
      before = now;
      await new Promise((later) => setTimeout(later, 1_000));
    }
    throw new Error('The list of outcomes did not settle');
  }
}

const listed = `({
  outcomes: [...document.querySelectorAll('[data-rule][data-kind]')].map(({ dataset }) => (
    { rule: dataset.rule, kind: dataset.kind, level: dataset.level, party: dataset.party })),
  rows: [...document.querySelectorAll('[data-entry]')].map((row) => row.outerHTML.length),
})`;

const devtools = `const { gDevTools } = ChromeUtils.importESModule('resource://devtools/shared/loader/Loader.sys.mjs')
  .require('devtools/client/framework/devtools');
  const tab = gBrowser.tabs[0];`;

const openToolbox = `${devtools}
  const box = await gDevTools.showToolboxForTab(tab, { toolId: 'webconsole' });
  for (let i = 0; i < 80 && box.visibleAdditionalTools.length === 0; i++) await new Promise((r) => setTimeout(r, 250));
  await new Promise((r) => setTimeout(r, 1000));
  return box.visibleAdditionalTools.length === 1;`;

const panelFrame = `${devtools}
  const box = gDevTools.getToolboxForTab(tab);
  const [id] = box.visibleAdditionalTools;
  await box.selectTool(id);
  const frame = box.doc.getElementById('toolbox-panel-iframe-' + id);
  const manager = () => (frame.browser ?? frame.contentDocument?.querySelector('browser') ?? frame).messageManager;`;

/** The panel's page moves to the extension's process while it opens: a script sent before that is lost. */
const inPanel = (expression: string): string => `${panelFrame}
  const script = ${JSON.stringify(`{
    const { document } = content;
    const ready = document.querySelector('[data-ready=true]') !== null;
    const answer = () => { try { return { value: ${expression} }; } catch (error) { return { error: String(error) }; } };
    sendAsyncMessage('read', JSON.stringify(ready ? answer() : {}));
  }`)};
  for (let attempt = 0; attempt < 60; attempt++) {
    const to = manager();
    const text = await new Promise((found) => {
      const listener = ({ data }) => {
        to.removeMessageListener('read', listener);
        found(data);
      };
      to.addMessageListener('read', listener);
      to.loadFrameScript('data:,' + encodeURIComponent(script), false);
      setTimeout(listener, 400 * (1 + attempt / 10), { data: '{}' });
    });
    const { value, error } = JSON.parse(text);
    if (error) throw new Error(error);
    if (value !== undefined) return value;
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error('The panel did not answer');`;

const recorded = `${panelFrame}
  const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs');
  const tabId = ExtensionParent.apiManager.global.tabTracker.getId(tab);
  const script = "const channel = new content.BroadcastChannel('mcp-auth-inspector/" + tabId + "');"
    + "channel.onmessage = ({ data }) => sendAsyncMessage('recorded', JSON.stringify(Cu.waiveXrays(data)));"
    + "channel.postMessage(Cu.cloneInto({ kind: 'hello' }, content));";
  const entries = [];
  const to = manager();
  const listener = ({ data }) => {
    const message = JSON.parse(data);
    if (message.kind === 'entries') message.entries.forEach((entry, at) => { entries[message.first + at] = entry; });
  };
  to.addMessageListener('recorded', listener);
  to.loadFrameScript('data:,' + encodeURIComponent(script), false);
  await new Promise((later) => setTimeout(later, 2000));
  to.removeMessageListener('recorded', listener);
  return entries;`;
