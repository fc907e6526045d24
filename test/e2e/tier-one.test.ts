import { rmSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';
import { afterAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../lab/browser.ts';
import { type ListedOutcome, openPanel, recordedEntries, settledOutcomes } from '../lab/panel.ts';
import { runScenario, type ScenarioName } from '../lab/scenarios.ts';
import { grantedExtension } from './granted.ts';
import { extensionFolder, missingFor } from './needs.ts';

const missing = missingFor({ extension: true });
const limit = 180_000;
const union = 'sep-2350-scope-union-on-reauth';

/** Runs a scenario in a browser of its own and reads what the panel says in the end. */
async function verdicts(
  extension: string,
  name: ScenarioName,
  disturb: (browser: Browser) => () => void = () => () => undefined,
): Promise<ListedOutcome[]> {
  const browser = await launchBrowser({ headless: true, extension });
  const stop = disturb(browser);
  try {
    const { panel } = await openPanel(browser);
    return await runScenario(browser, name, () => settledOutcomes(panel));
  } finally {
    stop();
    await browser.close();
  }
}

/** Ends the extension's background over and over, as the browser may at any moment. */
function killing(counted: { kills: number }): (browser: Browser) => () => void {
  return (browser) => {
    let stopped = false;
    const kill = async (): Promise<void> => {
      while (!stopped) {
        const target = browser
          .targets()
          .find((one) => one.type() === 'service_worker' && one.url().startsWith('chrome-extension://'));
        const worker = await target?.worker().catch(() => null);
        const ended = await worker?.close().then(
          () => true,
          () => false,
        );
        if (ended) counted.kills += 1;
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    };
    void kill();
    return () => {
      stopped = true;
    };
  };
}

interface RecordedEntry {
  readonly _twin?: boolean;
  readonly request: { readonly url: string; readonly postData?: { readonly text?: string } };
  readonly response: { readonly content: { readonly text?: string } };
}

const kindsOf = (outcomes: readonly ListedOutcome[], wanted: string): string[] => [
  ...new Set(outcomes.filter(({ rule }) => rule === wanted).map(({ kind }) => kind)),
];

describe.skipIf(missing)(`what webRequest adds in Chromium${missing && ` (${missing})`}`, () => {
  const granted = missing ? '' : grantedExtension();
  afterAll(() => rmSync(granted, { recursive: true, force: true }));

  it('a step-up in a popup is open without it, and judged with it', { timeout: limit }, async () => {
    expect(kindsOf(await verdicts(extensionFolder, 'v1-stepup-popup'), union)).toEqual(['open']);
    expect(kindsOf(await verdicts(granted, 'v1-stepup-popup'), union)).toEqual(['fail']);
  });

  it('loses nothing when its background is ended again and again', { timeout: limit }, async () => {
    const counted = { kills: 0 };
    const outcomes = await verdicts(granted, 'v1-stepup-popup', killing(counted));
    expect(counted.kills).toBeGreaterThanOrEqual(20);
    expect(kindsOf(outcomes, union)).toEqual(['fail']);
  });

  it('shows what both saw once: every code is exchanged by one request, with its answer', {
    timeout: limit,
  }, async () => {
    const browser = await launchBrowser({ headless: true, extension: granted });
    try {
      const { panel } = await openPanel(browser);
      const entries = await runScenario(browser, 'v1-expiry', async () => {
        await settledOutcomes(panel);
        return (await recordedEntries(panel)) as RecordedEntry[];
      });
      const bodies = entries.filter(({ _twin }) => !_twin).flatMap(({ request }) => request.postData?.text ?? []);
      const codes = bodies.flatMap((text) => new URLSearchParams(text).get('code') ?? []);
      expect(codes.length).toBeGreaterThan(0);
      expect(new Set(codes).size).toBe(codes.length);
      const tokens = entries.filter(({ request }) => request.postData?.text?.includes('grant_type'));
      for (const { response } of tokens) expect(response.content.text).toContain('access_token');
    } finally {
      await browser.close();
    }
  });
});
