import type { Browser, Page } from 'puppeteer-core';
import type { Lab } from './lab.ts';
import type { ChatSettings } from './pages/settings.ts';
import type { PageName } from './pages.ts';

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** How a user goes about it. */
export interface Manner {
  /** Milliseconds to rest between deeds. */
  readonly pace?: number;
  /** Called with a sentence before each deed. */
  readonly tell?: (deed: string) => void;
}

/** Someone at the browser: opens a client page, signs in, asks, waits. Everything is done by real clicks. */
export class User {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #lab: Lab;
  /** Milliseconds to rest between deeds, so that an onlooker can follow. */
  readonly #pace: number;
  readonly #tell: (deed: string) => void;

  /** @param manner how fast the user is, and who is told of each deed */
  constructor(browser: Browser, page: Page, lab: Lab, manner: Manner = {}) {
    this.#browser = browser;
    this.page = page;
    this.#lab = lab;
    this.#pace = manner.pace ?? 0;
    this.#tell = manner.tell ?? (() => undefined);
  }

  /** Opens a client page. */
  async open(name: PageName, settings: Partial<ChatSettings> = {}): Promise<void> {
    await this.page.goto(this.#lab.pageUrl(name, settings));
    await this.settle();
  }

  /** Clicks "Sign in" and sees the sign-in through. */
  async signIn(): Promise<void> {
    this.#tell('The user signs in.');
    await this.page.click('.sign-in');
    await this.settle();
  }

  /** Asks the chat something and waits for what comes of it; a sign-in on the way is seen through. */
  async ask(text: string): Promise<void> {
    this.#tell(`The user asks: ${text}`);
    await this.page.type('input[name=prompt]', text, { delay: this.#pace / 25 });
    await sleep(this.#pace / 2);
    await this.page.click('button.send');
    await this.settle();
  }

  /** Waits until the access token has expired. */
  async outwaitToken(): Promise<void> {
    const seconds = this.#lab.options.accessTokenTtl + 1;
    this.#tell(`${seconds} seconds pass: the access token expires.`);
    await sleep(seconds * 1000);
  }

  /** What the chat shows, a line per bubble. */
  async conversation(): Promise<string[]> {
    return this.page.$$eval('.bubble, .tool', (nodes) => nodes.map((node) => `${node.className}: ${node.textContent}`));
  }

  /**
   * Fills in the authorization server's pages, in this tab and in popups, until the client page is at rest.
   *
   * @throws Error when that takes more than 30 s
   */
  async settle(): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline) {
      for (const page of await this.#browser.pages()) await this.#answer(page);
      if (await this.#atRest()) return sleep(this.#pace);
      await sleep(50);
    }
    throw new Error(`The page did not come to rest: ${this.page.url()}`);
  }

  async #atRest(): Promise<boolean> {
    if (!this.page.url().startsWith(this.#lab.pages.origin)) return false;
    const state = await this.page.evaluate(() => document.body?.dataset.state).catch(() => undefined);
    return state === 'idle' || state === 'signed-out';
  }

  async #answer(page: Page): Promise<void> {
    try {
      // A popup that has only just opened has no address yet.
      if (!this.#lab.isAuthorizationPage(page.url())) return;
      const form = await page.$('form[data-interaction]');
      if (!form) return;
      await sleep(this.#pace);
      const password = await form.$('input[name=password]');
      await password?.type('pw', { delay: this.#pace / 10 });
      const button = await form.$('button[value=continue]');
      await Promise.all([page.waitForNavigation({ timeout: 5000 }), button?.click()]);
    } catch {
      // The page went on, or the popup closed, in the middle of a click: the loop looks again.
    }
  }
}
