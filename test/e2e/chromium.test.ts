import { describe, expect, it } from 'vitest';
import { launchBrowser } from '../lab/browser.ts';
import { type ListedOutcome, openPanel, settledOutcomes } from '../lab/panel.ts';
import { runScenario, type ScenarioName } from '../lab/scenarios.ts';
import { extensionFolder, missingFor } from './needs.ts';

const missing = missingFor({ extension: true });
const limit = 120_000;

/** Runs a scenario in a real browser of its own, with real DevTools, and reads what our panel says in the end. */
async function verdicts(name: ScenarioName): Promise<ListedOutcome[]> {
  const browser = await launchBrowser({ headless: true, extension: extensionFolder });
  try {
    const { panel } = await openPanel(browser);
    return await runScenario(browser, name, () => settledOutcomes(panel));
  } finally {
    await browser.close();
  }
}

const failing = (outcomes: readonly ListedOutcome[]): string[] =>
  outcomes.filter(({ kind }) => kind === 'fail').map(({ rule }) => rule);

describe.skipIf(missing)(`the panel in Chromium's DevTools${missing && ` (${missing})`}`, () => {
  it('sees that SDK v1 never asks for offline_access', { timeout: limit }, async () => {
    expect(failing(await verdicts('v1-expiry'))).toContain('sep-2207-offline-access-requested');
  });

  it('sees that the AI SDK page lets a 401 reach the model', { timeout: limit }, async () => {
    expect(failing(await verdicts('aisdk-header-expiry'))).toContain('sep-2702-401-surfaced-to-model');
  });

  it('blames SDK v2 for none of the three headline faults', { timeout: limit }, async () => {
    const headline = ['sep-2207-offline-access-requested', 'sep-2350-', 'sep-2702-'];
    const outcomes = await verdicts('v2-tour');
    const fails = failing(outcomes);
    for (const rule of [
      'sep-2207-offline-access-requested',
      'sep-2350-scope-union-on-reauth',
      'sep-2702-silent-refresh',
    ]) {
      expect(outcomes).toContainEqual(expect.objectContaining({ rule, kind: 'pass' }));
    }
    expect(fails.filter((rule) => headline.some((start) => rule.startsWith(start)))).toEqual([]);
  });
});
