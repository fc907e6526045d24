import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findBrowser } from '../lab/browser.ts';

/** Folder of the built Chromium extension. */
export const extensionFolder = fileURLToPath(new URL('../../dist/chrome', import.meta.url));

/** What is missing for a test in a real browser, in words; empty when nothing is. */
export function missingFor(needs: { extension: boolean }): string {
  if (needs.extension && !existsSync(extensionFolder)) return 'needs dist/chrome: run "npm run build:chrome"';
  try {
    findBrowser();
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : 'no browser';
  }
}
