import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page } from 'puppeteer-core';

/** What a round needs of where the panel runs: a page of its own, or a frame of DevTools. */
export interface Round {
  readonly panel: Page | Frame;
  /** Presses keys where the focus is. */
  press(...keys: readonly string[]): Promise<void>;
  type(text: string): Promise<void>;
  /** Presses a key that opens the browser's dialog for files, and chooses this one there. */
  choose(key: string, path: string): Promise<void>;
  /** A folder into which downloads go. */
  readonly downloads: string;
}

/** A folder for downloads, and the way to be rid of it. */
export async function downloadFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'panel-round-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Waits for the file that an export hands over. */
export async function downloaded(
  folder: string,
  ending: string,
): Promise<{ readonly path: string; readonly text: string }> {
  for (let tries = 0; tries < 300; tries += 1) {
    const name = (await readdir(folder)).find((one) => one.endsWith(ending));
    if (name !== undefined) return { path: join(folder, name), text: await readFile(join(folder, name), 'utf8') };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no file *${ending} in ${folder}: ${(await readdir(folder)).join(', ')}`);
}

export const noteText = 'Lost the first scope at this step-up';

/**
 * From a session with a fault to its file: finding, evidence, note, search, export, by keyboard alone.
 * Returns the annotated HAR that was saved.
 */
export async function findNoteAndExport({ panel, press, type, downloads }: Round) {
  // The next finding, and its first piece of evidence.
  await press('n');
  await panel.waitForSelector('.outcome.open .evidence .entry');
  const entry = await panel.$eval('.outcome.open .evidence .entry', (link) => Number(link.textContent?.slice(1)));
  await tabTo(panel, press, '.outcome.open .evidence .entry');
  await press('Enter');
  await panel.waitForSelector('#panel-exchange .wire mark');
  // Pin it, and write a note on it.
  await press('m', 'e');
  await panel.waitForSelector('#note:focus');
  await type(noteText);
  await press('Escape');
  await panel.waitForSelector(`[data-entry="${entry}"] .noted.pinned`);
  // Narrow the flow to what is pinned: this travels along.
  await press('/');
  await type('has:pin');
  await press('Enter');
  await panel.waitForFunction(() => document.querySelectorAll('[data-entry]').length === 1);
  await press('x');
  await panel.waitForSelector('.preview[aria-busy=false]');
  await tabTo(panel, press, '.sheet-actions .primary');
  await press('Enter');
  await panel.waitForSelector('.toast');
  return { entry, ...(await downloaded(downloads, '.annotated.har')) };
}

/** Opens the file again by the key for it, and waits until note and search are back. */
export async function importAgain({ panel, press, choose }: Round, path: string, entry: number): Promise<void> {
  await choose('o', path);
  await panel.waitForFunction(() => document.querySelectorAll('[data-entry]').length === 1);
  await panel.waitForSelector(`[data-entry="${entry}"] .noted.pinned`);
  await press('6');
  await panel.waitForSelector(`.notes [data-note="${entry}"] textarea`);
}

/** Moves the focus by Tab until it stands on the element. */
async function tabTo(panel: Page | Frame, press: Round['press'], selector: string): Promise<void> {
  for (let steps = 0; steps < 200; steps += 1) {
    const there = await panel.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector);
    if (there) return;
    await press('Tab');
  }
  throw new Error(`Tab never comes to ${selector}`);
}
