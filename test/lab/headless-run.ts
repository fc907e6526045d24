import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Recorder } from '../../src/cli/record/recorder.ts';
import { type Act, acts } from './acts.ts';
import { launchBrowser } from './browser.ts';
import { cdpOf } from './cdp.ts';
import { type ListedOutcome, openPanel, settledOutcomes } from './panel.ts';
import { runScenario } from './scenarios.ts';
import { photograph } from './screenshots.ts';
import { say, sayVerdicts } from './terminal.ts';

/** Where the built parts are and where results go. */
export interface Places {
  readonly extension: string;
  readonly commandLine: string;
  readonly out: string;
}

const run = promisify(execFile);

/** The command line's reports of a recording: the annotated HAR and the HTML page. */
async function report(places: Places, har: string, stem: string): Promise<string[]> {
  const outputs = [
    ['har', `${stem}.annotated.har`],
    ['html', `${stem}.html`],
  ] as const;
  for (const [format, path] of outputs) {
    const call = [places.commandLine, 'analyze', har, '--format', format, '--out', path, '--fail-on', 'never'];
    await run(process.execPath, call);
  }
  return outputs.map(([, path]) => path);
}

async function perform(act: Act, places: Places): Promise<ListedOutcome[]> {
  const browser = await launchBrowser({ headless: true, extension: places.extension });
  try {
    const recorder = await Recorder.start(await cdpOf(browser));
    const open = await openPanel(browser);
    const tell = (deed: string) => say(`  ${deed}`, 'dim');
    const stem = join(places.out, act.scenario);
    const observe = async () => {
      const outcomes = await settledOutcomes(open.panel);
      // The recording itself is not redacted, so it does not stay.
      const scratch = await mkdtemp(join(tmpdir(), 'mcp-auth-inspector-'));
      const har = join(scratch, `${act.scenario}.har`);
      const files: string[] = [];
      try {
        await writeFile(har, JSON.stringify(await recorder.har()), { mode: 0o600 });
        files.push(...(await report(places, har, stem)), ...(await photograph(open, stem)));
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
      sayVerdicts(outcomes);
      for (const file of files) say(`  wrote ${file}`, 'dim');
      return outcomes;
    };
    return await runScenario(browser, act.scenario, observe, { tell });
  } finally {
    await browser.close();
  }
}

/** The whole demonstration without a display: verdicts on the terminal, reports and screenshots in the folder. */
export async function runHeadless(places: Places): Promise<void> {
  await mkdir(places.out, { recursive: true });
  say('No display: the demonstration runs in headless Chromium, with the real DevTools and our panel.');
  for (const act of acts) {
    say(`\n${act.title}`, 'bold');
    await perform(act, places);
  }
  say(`\nDone. Open ${join(places.out, 'v1-tour.html')} for the report on the faulty client.`);
}
