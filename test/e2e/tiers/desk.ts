import type { Browser, Page } from 'puppeteer-core';
import type { ListedOutcome } from '../../lab/panel.ts';

/** Without host permission, and with everything granted. */
export type Tier = 0 | 1;

/** A browser with the extension loaded twice, as it is and with everything granted: both watch the same traffic. */
export interface Desk {
  readonly name: 'Chromium' | 'Firefox';
  readonly browser: Browser;
  /** The first tab, to which DevTools belongs. */
  readonly page: Page;
  openDevtools(): Promise<void>;
  closeDevtools(): Promise<void>;
  /** Shows a tier's panel in the open DevTools. */
  panel(tier: Tier): Promise<TierPanel>;
  /** Has the extension that everything is granted to look closer at a site, from its next load. */
  observe(origin: string): Promise<void>;
  /** Ends the background of the extension that everything is granted to; false when there was none. */
  killBackground(): Promise<boolean>;
  /** Reloads the extension that everything is granted to, as an update does; DevTools is closed by it or after it. */
  reloadExtension(): Promise<void>;
  close(): Promise<void>;
}

export interface TierPanel {
  /** Once they have settled. */
  outcomes(): Promise<ListedOutcome[]>;
  /** What the recorder holds. */
  entries(): Promise<RecordedEntry[]>;
  /** What the observer in the page reported. */
  reports(): Promise<readonly unknown[]>;
  /** Evaluates an expression in the panel's page; its value must be JSON. */
  read<T>(expression: string): Promise<T>;
}

/** As much of a HAR entry as the tests look at. */
export interface RecordedEntry {
  readonly _twin?: boolean;
  readonly _pending?: boolean;
  readonly _context?: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly postData?: { readonly text?: string; readonly _truncated?: boolean };
  };
  readonly response: {
    readonly status: number;
    readonly content: { readonly text?: string; readonly _truncated?: boolean };
  };
}
