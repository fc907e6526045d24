import type { Protocol } from 'puppeteer-core';
import { version } from '../../report/version.ts';
import type { CdpBrowser, CdpSession } from './cdp.ts';
import type { Har } from './har.ts';
import { entryOf } from './hops.ts';
import { TargetRecorder } from './target-recorder.ts';

type Page = Har['log']['pages'][number];

const ignored = (url: string): boolean => url.startsWith('devtools://') || url.startsWith('chrome-extension://');

/**
 * Records a browser's traffic over the Chrome DevTools Protocol: every tab, popup, iframe and worker,
 * headers as they travelled, bodies, preflights, redirects as entries of their own.
 */
export class Recorder {
  readonly #browser: CdpBrowser;
  readonly #targets: TargetRecorder[] = [];
  readonly #pages: Page[] = [];
  #product = '';

  private constructor(browser: CdpBrowser) {
    this.#browser = browser;
  }

  /** Starts recording everything that the browser opens from now on. */
  static async start(browser: CdpBrowser): Promise<Recorder> {
    const recorder = new Recorder(browser);
    recorder.#product = await browser.version();
    await recorder.#follow(browser.root, undefined);
    return recorder;
  }

  /** The recording so far as a HAR; entries stand in the order in which requests started. */
  async har(): Promise<Har> {
    const hops = (await Promise.all(this.#targets.map((target) => target.hops()))).flat();
    hops.sort((a, b) => a.sent.wallTime - b.sent.wallTime);
    const [name = 'Chromium', release = ''] = this.#product.split('/');
    return {
      log: {
        version: '1.2',
        creator: { name: 'mcp-auth-inspector', version },
        browser: { name, version: release },
        pages: this.#pages,
        entries: hops.map(entryOf),
      },
    };
  }

  async #follow(parent: CdpSession, pageref: string | undefined): Promise<void> {
    parent.on('Target.attachedToTarget', (event) => void this.#attached(event, pageref));
    await parent.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true });
  }

  async #attached(
    { sessionId, targetInfo }: Protocol.Target.AttachedToTargetEvent,
    parentPage: string | undefined,
  ): Promise<void> {
    const session = this.#browser.session(sessionId);
    if (!session) return;
    try {
      if (!ignored(targetInfo.url)) {
        const pageref = parentPage ?? this.#addPage(targetInfo);
        const recorder = new TargetRecorder(session, pageref);
        this.#targets.push(recorder);
        await Promise.all([recorder.start(), this.#follow(session, pageref)]);
      }
    } catch {
      // The target closed while it was being attached, or knows no Network domain.
    }
    await session.send('Runtime.runIfWaitingForDebugger').catch(() => undefined);
  }

  #addPage({ type, url }: Protocol.Target.TargetInfo): string {
    const id = `page_${this.#pages.length + 1}`;
    const startedDateTime = new Date().toISOString();
    this.#pages.push({ id, title: url && url !== 'about:blank' ? url : type, startedDateTime, pageTimings: {} });
    return id;
  }
}
