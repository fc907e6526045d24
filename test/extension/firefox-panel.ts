import type { ListedOutcome, RecordedSession } from '../lab/panel.ts';
import type { Firefox } from './marionette.ts';

/** Our panel in the toolbox of Firefox's first tab: reached through the browser's own window, as nothing else can. */
export class FirefoxPanel {
  readonly #firefox: Firefox;
  readonly #addOn: string;

  private constructor(firefox: Firefox, addOn: string) {
    this.#firefox = firefox;
    this.#addOn = addOn;
  }

  /**
   * Opens the toolbox of the first tab; the panel itself stays closed until it is read.
   *
   * @param addOn whose panel, where more than one add-on has one
   * @throws Error when the extension's panel does not appear within 20 s
   */
  static async open(firefox: Firefox, addOn = ''): Promise<FirefoxPanel> {
    const found = await firefox.inBrowser(openToolbox(addOn));
    if (found !== true) throw new Error('The panel did not appear in the toolbox');
    return new FirefoxPanel(firefox, addOn);
  }

  /** Closes the toolbox. */
  static async close(firefox: Firefox): Promise<void> {
    await firefox.inBrowser(`${devtools} await gDevTools.closeToolboxForTab(tab);`);
  }

  /** Evaluates an expression in the panel's page; its value must be JSON. */
  async read<T>(expression: string): Promise<T> {
    return (await this.#firefox.inBrowser(inPanel(this.#addOn, expression))) as T;
  }

  /** Everything that the recorder holds, as the panel would be given it. */
  async recorded(): Promise<RecordedSession> {
    // The frame's page is there once it has answered.
    await this.read('true');
    return (await this.#firefox.inBrowser(recorded(this.#addOn))) as RecordedSession;
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

/** The name of a tool begins with that of its add-on, without the signs that an element's name may not have. */
const toolOf = (addOn: string): string =>
  `box.visibleAdditionalTools.find((id) => id.startsWith('webext-devtools-panel-${addOn.replaceAll(/[^\w-]/g, '_')}'))`;

const openToolbox = (addOn: string): string => `${devtools}
  const box = await gDevTools.showToolboxForTab(tab, { toolId: 'webconsole' });
  for (let i = 0; i < 80 && !${toolOf(addOn)}; i++) await new Promise((r) => setTimeout(r, 250));
  await new Promise((r) => setTimeout(r, 1000));
  return ${toolOf(addOn)} !== undefined;`;

const panelFrame = (addOn: string): string => `${devtools}
  const box = gDevTools.getToolboxForTab(tab);
  const id = ${toolOf(addOn)};
  await box.selectTool(id);
  const frame = box.doc.getElementById('toolbox-panel-iframe-' + id);
  const manager = () => (frame.browser ?? frame.contentDocument?.querySelector('browser') ?? frame).messageManager;`;

/** The panel's page moves to the extension's process while it opens: a script sent before that is lost. */
const inPanel = (addOn: string, expression: string): string => `${panelFrame(addOn)}
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

const recorded = (addOn: string): string => `${panelFrame(addOn)}
  const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs');
  const tabId = ExtensionParent.apiManager.global.tabTracker.getId(tab);
  const script = "const channel = new content.BroadcastChannel('mcp-auth-inspector/" + tabId + "');"
    + "channel.onmessage = ({ data }) => sendAsyncMessage('recorded', JSON.stringify(Cu.waiveXrays(data)));"
    + "channel.postMessage(Cu.cloneInto({ kind: 'hello' }, content));";
  const entries = [];
  const reports = [];
  const to = manager();
  await new Promise((finish) => {
    let quiet = setTimeout(finish, 3000);
    const listener = ({ data }) => {
      clearTimeout(quiet);
      quiet = setTimeout(() => { to.removeMessageListener('recorded', listener); finish(); }, 500);
      const message = JSON.parse(data);
      if (message.kind === 'entries') message.entries.forEach((entry, at) => { entries[message.first + at] = entry; });
      if (message.kind === 'observed') reports.push(...message.reports);
    };
    to.addMessageListener('recorded', listener);
    to.loadFrameScript('data:,' + encodeURIComponent(script), false);
  });
  return { entries, reports };`;
