import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ensureBrowser, launchBrowser } from './browser.ts';
import { Recorder } from './recorder.ts';
import { isScenarioName, runScenario, scenarios } from './scenarios.ts';

const usage = `Usage: tsx test/lab/record.ts <scenario> [--out file.har]

Scenarios:
${Object.entries(scenarios)
  .map(([name, { about }]) => `  ${name.padEnd(22)} ${about}`)
  .join('\n')}
`;

/** Runs a scenario in headless Chromium and writes a HAR of everything it sent and received. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string' }, 'install-browser': { type: 'boolean' } },
  });
  const name = positionals[0] ?? '';
  if (!isScenarioName(name)) {
    process.stderr.write(usage);
    return 2;
  }
  ensureBrowser(values['install-browser'] ?? false);
  const browser = await launchBrowser({ headless: true });
  try {
    const recorder = await Recorder.start(browser);
    const { har, conversation } = await runScenario(browser, name, async (user) => ({
      har: await recorder.har(),
      conversation: await user.conversation(),
    }));
    const out = values.out ?? `${name}.har`;
    await writeFile(out, `${JSON.stringify(har, null, 1)}\n`);
    process.stderr.write(`${conversation.join('\n')}\n${out}: ${har.log.entries.length} entries\n`);
    return 0;
  } finally {
    await browser.close();
  }
}

process.exitCode = await main();
