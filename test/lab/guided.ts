import { createInterface } from 'node:readline/promises';
import { acts } from './acts.ts';
import { launchBrowser } from './browser.ts';
import { startLab } from './lab.ts';
import { pageNames } from './pages.ts';
import { openPanel, settledOutcomes } from './panel.ts';
import { runScenario } from './scenarios.ts';
import { say, sayVerdicts } from './terminal.ts';

const windowSize = [1400, 950] as const;
const pace = 1200;

/** Waits for Enter, or for some seconds where nobody can press it. */
async function pause(what: string, seconds: number): Promise<void> {
  if (!process.stdin.isTTY) {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return;
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  await lines.question(`${what} `);
  lines.close();
}

/** The demonstration in a window: each client driven at a pace one can follow, told on the terminal. */
export async function runGuided(extension: string): Promise<void> {
  say('The demonstration: three clients, each through its sign-in and what comes after.');
  for (const [index, act] of acts.entries()) {
    say(`\n${index + 1}. ${act.title}`, 'bold');
    say(act.watch);
    const browser = await launchBrowser({ headless: false, extension, windowSize });
    const { panel } = await openPanel(browser);
    const tell = (deed: string) => say(`  ${deed}`, 'dim');
    const observe = async () => {
      say('What the panel says:');
      sayVerdicts(await settledOutcomes(panel));
      await pause('Look around in the panel; press Enter to go on.', 8);
    };
    await runScenario(browser, act.scenario, observe, { pace, tell }).finally(() => browser.close());
  }
  say('\nThat was all. "npm start -- --free" leaves the laboratory to you.');
}

/** Laboratories and a browser for the user to play with, until the browser is closed. */
export async function runFree(extension: string): Promise<void> {
  const options = { accessTokenTtl: 30, latency: 150 };
  const lab = await startLab(options);
  // A client that does not ask for a refresh token can only waste one where it is given one unasked.
  const generous = await startLab({ ...options, serverSdk: 'v1', refreshTokens: 'always' });
  try {
    const browser = await launchBrowser({ headless: false, extension, windowSize });
    await openPanel(browser);
    const [page = await browser.newPage()] = await browser.pages();
    await page.goto(lab.pageUrl('chat-v2'));
    say('The laboratory is yours. Access tokens live 30 seconds; any name and password will do. Pages:');
    for (const name of pageNames) say(`  ${(name === 'chat-aisdk' ? generous : lab).pageUrl(name)}`);
    say('Add &signIn=popup to sign in by a popup. Close the browser or press Ctrl-C to end.');
    await new Promise<void>((resolve) => void browser.once('disconnected', resolve));
  } finally {
    await Promise.all([lab.close(), generous.close()]);
  }
}
