import type { CDPSession, Frame, Page, Protocol } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { downloadFolder, findNoteAndExport, importAgain, noteText, type Round } from '../extension/panel-round.ts';
import { launchBrowser } from '../lab/browser.ts';
import { openPanel, settledOutcomes } from '../lab/panel.ts';
import { runScenario } from '../lab/scenarios.ts';
import { extensionFolder, missingFor } from './needs.ts';

const missing = missingFor({ extension: true });

/** Evaluates an expression over DevTools' view of its panels. */
const inDevtools = (devtools: Page, expression: string): Promise<unknown> =>
  devtools.evaluate(`(async () => {
    const { InspectorView: { InspectorView } } = await import('./ui/legacy/legacy.js');
    return ${expression};
  })()`);

/** From the first panel of DevTools to ours, its last, by DevTools' own key; the panel then has the focus. */
async function goToPanel(devtools: Page): Promise<void> {
  await devtools.bringToFront();
  await inDevtools(devtools, "InspectorView.instance().showPanel('elements')");
  await devtools.keyboard.down('Control');
  await devtools.keyboard.press('BracketLeft');
  await devtools.keyboard.up('Control');
  await devtools.waitForFunction(() => document.activeElement?.tagName === 'IFRAME');
}

const faults = async (panel: Frame): Promise<(string | null)[]> =>
  panel.$$eval('[data-kind=fail]', (items) => items.map((item) => item.getAttribute('data-rule')));

/** Answers the browser's dialog for files: the panel's frame is another process than DevTools, and asks by itself. */
async function chooseFile(panel: Frame, open: () => Promise<void>, path: string): Promise<void> {
  const { client } = panel as unknown as { readonly client: CDPSession };
  await client.send('Page.setInterceptFileChooserDialog', { enabled: true });
  const asked = new Promise<Protocol.Page.FileChooserOpenedEvent>((resolve) =>
    client.once('Page.fileChooserOpened', resolve),
  );
  await open();
  const { backendNodeId = 0 } = await asked;
  await client.send('DOM.setFileInputFiles', { files: [path], backendNodeId });
}

describe.skipIf(missing)(`the whole round in Chromium's DevTools${missing && ` (${missing})`}`, () => {
  it('goes by keyboard: sign in, fault, finding, evidence, note, export, clear, import', {
    timeout: 180_000,
  }, async () => {
    const browser = await launchBrowser({ headless: true, extension: extensionFolder });
    const folder = await downloadFolder();
    try {
      const { devtools, panel } = await openPanel(browser);
      const cdp = await devtools.createCDPSession();
      await cdp.send('Page.setDownloadBehavior', { behavior: 'allow', downloadPath: folder.path });
      const round: Round = {
        panel,
        press: async (...keys) => {
          for (const key of keys) await devtools.keyboard.press(key as 'j');
        },
        type: (text) => devtools.keyboard.type(text),
        choose: (key, path) => chooseFile(panel, () => devtools.keyboard.press(key as 'o'), path),
        downloads: folder.path,
      };
      await runScenario(browser, 'v1-stepup', async () => {
        await settledOutcomes(panel);
        await goToPanel(devtools);
        // A sheet closes, and DevTools, whose key it is too, keeps its drawer shut.
        await round.press('?');
        await panel.waitForSelector('dialog[open]');
        await round.press('Escape');
        await panel.waitForSelector('dialog[open]', { hidden: true });
        expect(await inDevtools(devtools, 'InspectorView.instance().drawerVisible()')).toBe(false);
        const rules = await faults(panel);
        expect(rules).toContain('sep-2350-scope-union-on-reauth');
        const saved = await findNoteAndExport(round);
        const { log } = JSON.parse(saved.text);
        expect(log._mcpAuth.notes).toEqual([{ entry: saved.entry, text: noteText, pinned: true }]);
        expect(log._mcpAuth.source.redacted).toBe(true);
        await round.press('Escape', 'c');
        await panel.waitForSelector('.empty');
        await importAgain(round, saved.path, saved.entry);
        const note = await panel.$eval('.notes textarea', (area) => (area as HTMLTextAreaElement).value);
        expect(note).toBe(noteText);
        await round.press('1', 'Escape');
        expect(await faults(panel)).toEqual(rules);
      });
    } finally {
      await browser.close();
      await folder.remove();
    }
  });
});
