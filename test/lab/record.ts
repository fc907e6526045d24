import { writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Recorder } from '../../src/cli/record/recorder.ts';
import { expected } from '../recordings/expected.ts';
import { ensureBrowser, launchBrowser } from './browser.ts';
import { cdpOf } from './cdp.ts';
import type { LabPorts } from './lab.ts';
import { isScenarioName, runScenario, type ScenarioName, scenarios } from './scenarios.ts';
import { harText, slim } from './slim.ts';

const usage = `Usage: npm run record -- <scenario>... | --all  [--out file.har] [--whole]

Runs a scenario with its real client in headless Chromium and writes what was sent and received, slim, to
test/recordings/<scenario>.har. --out writes it elsewhere, --whole leaves everything in, --all makes every recording anew.

Scenarios:
${Object.entries(scenarios)
  .map(([name, { about }]) => `  ${name.padEnd(26)} ${about}`)
  .join('\n')}
`;

/** The same at every recording, so that a recording made again differs only where the traffic does. */
const ports: LabPorts = {
  authorizationServer: 4100,
  secondAuthorizationServer: 4101,
  mcpServer: 4200,
  model: 4300,
  pages: 4400,
};

interface Manner {
  /** The file to write; by default the scenario's place among the recordings. */
  readonly out: string | undefined;
  readonly whole: boolean;
}

async function record(name: ScenarioName, { out, whole }: Manner): Promise<void> {
  const browser = await launchBrowser({ headless: true });
  try {
    const recorder = await Recorder.start(await cdpOf(browser));
    const observe = async () => recorder.har();
    const tell = (deed: string) => void process.stderr.write(`  ${deed}\n`);
    process.stderr.write(`${name}: ${scenarios[name].about}\n`);
    const har = await runScenario(browser, name, observe, { tell }, ports);
    const file = out ?? resolve(import.meta.dirname, '../recordings', `${name}.har`);
    const text = harText(whole ? har : slim(har));
    await writeFile(file, text);
    const size = `${har.log.entries.length} entries, ${Math.ceil(Buffer.byteLength(text) / 1024)} KB`;
    process.stderr.write(`  wrote ${relative(process.cwd(), file)}: ${size}\n`);
  } finally {
    await browser.close();
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      out: { type: 'string' },
      whole: { type: 'boolean', default: false },
      'install-browser': { type: 'boolean', default: false },
    },
  });
  const asked = values.all ? Object.keys(expected) : positionals;
  const names = asked.filter(isScenarioName);
  if (names.length === 0 || names.length < asked.length || (values.out !== undefined && names.length > 1)) {
    process.stderr.write(usage);
    return 2;
  }
  ensureBrowser(values['install-browser']);
  for (const name of names) await record(name, { out: values.out, whole: values.whole });
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
