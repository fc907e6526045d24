import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FirefoxPanel } from '../extension/firefox-panel.ts';
import { Firefox, findFirefox } from '../extension/marionette.ts';
import type { ListedOutcome } from '../lab/panel.ts';
import { runScenario, type ScenarioName } from '../lab/scenarios.ts';

const path = findFirefox();
const extension = fileURLToPath(new URL('../../dist/firefox', import.meta.url));
const missing = path === null ? 'no Firefox' : existsSync(extension) ? '' : 'needs dist/firefox';
const limit = 180_000;

/** Runs a scenario in a real Firefox with its real toolbox, and reads what our panel says in the end. */
async function verdicts(name: ScenarioName): Promise<ListedOutcome[]> {
  const firefox = await Firefox.start(path ?? '');
  try {
    await firefox.send('Addon:Install', { path: extension, temporary: true });
    const browser = await firefox.pages();
    const panel = await FirefoxPanel.open(firefox);
    return await runScenario(browser, name, () => panel.settledOutcomes());
  } finally {
    await firefox.close();
  }
}

const failing = (outcomes: readonly ListedOutcome[]): string[] =>
  outcomes.filter(({ kind }) => kind === 'fail').map(({ rule }) => rule);

describe.skipIf(missing)(`the panel in Firefox's toolbox${missing && ` (${missing})`}`, () => {
  it('sees a redirect sign-in whole: SDK v1 never asks for offline_access', { timeout: limit }, async () => {
    expect(failing(await verdicts('v1-expiry'))).toContain('sep-2207-offline-access-requested');
  });
});
