import type { Page } from 'puppeteer-core';

/** A state that the panel can be in, and how it comes there. */
export interface State {
  readonly name: string;
  /** Over a recorder, as in DevTools; else over files alone. `ask`: where permissions can be asked for. */
  readonly live?: true | 'ask';
  prepare(page: Page): Promise<unknown>;
}
