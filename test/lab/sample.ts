import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runnerImport } from 'vite';
import { Recorder } from '../../src/cli/record/recorder.ts';
import type { Analysis } from '../../src/report/analysis.ts';
import type { Note, SessionNotes } from '../../src/report/notes.ts';
import { ensureBrowser, launchBrowser } from './browser.ts';
import { cdpOf } from './cdp.ts';
import { runScenario } from './scenarios.ts';
import { slim } from './slim.ts';

/** Where the panel loads its sample from. */
const file = resolve(import.meta.dirname, '../../src/extension/panel/sample/session.json');

/** A note on the first exchange that fits; none where there is none. */
function noteOn(entry: number | null | undefined, text: string): Note[] {
  return typeof entry === 'number' ? [{ entry, text, pinned: true }] : [];
}

/** The rules are found by Vite, so that the engine is loaded by it too. */
async function engine() {
  const load = async <T>(path: string): Promise<T> => {
    const root = resolve(import.meta.dirname, '../..');
    const config = { configFile: false, root, define: { __VERSION__: JSON.stringify('0.1.0') } } as const;
    return (await runnerImport<T>(resolve(root, path), config)).module;
  };
  const { analyze } = await load<typeof import('../../src/report/analyze.ts')>('src/report/analyze.ts');
  const { annotatedHar } = await load<typeof import('../../src/report/har.ts')>('src/report/har.ts');
  return { analyze, annotatedHar };
}

/** A guided tour: what to look at, in the order in which it happened. */
function guide({ story, result }: Analysis): SessionNotes {
  const refused = story.servers.flatMap(({ calls }) => calls).filter(({ status }) => status === 401 || status === 403);
  const unauthenticated = refused.find(({ status, credential }) => status === 401 && credential === null);
  const forbidden = refused.find(({ status }) => status === 403);
  const [first] = story.grants;
  const stepUp = story.grants.find(({ cause }) => cause === 'step-up');
  const expired = story.recoveries.find(({ status }) => status === 401);
  const lost = result.outcomes.find(({ rule, kind }) => rule === 'sep-2350-scope-union-on-reauth' && kind === 'fail');
  return {
    name: 'Sample: a client that forgets',
    notes: [
      {
        entry: null,
        pinned: false,
        text: 'A real client (the official TypeScript SDK v1) signs in to a real MCP server through a real authorization server, recorded in a laboratory. Follow the pins from top to bottom. Press n for the next finding, ? for every key. Nothing here is secret: tokens are aliases.',
      },
      ...noteOn(
        unauthenticated?.exchange.entry,
        'It begins here: a call without a token, and a challenge that says where to learn more (resource_metadata) and what is needed (scope).',
      ),
      ...noteOn(
        first?.authorization?.exchange.entry,
        'The authorization request. Look at scope: the server offers offline_access, and the client does not ask for it. It will get no refresh token, and the user will have to sign in again at every expiry.',
      ),
      ...noteOn(
        forbidden?.exchange.entry,
        'A tool that needs more: 403 insufficient_scope. The challenge names only the scope that is missing; what was granted before must be kept by the client.',
      ),
      ...noteOn(
        lost?.evidence[0]?.entry ?? stepUp?.authorization?.exchange.entry,
        'The step-up asks for the new scope alone, and loses the one it had. Press 4 to see it in Scopes over time: the cell says lost. The union beneath it is what should have been asked for.',
      ),
      ...noteOn(
        expired?.call.exchange.entry,
        'The token has expired. With a refresh token this would be mended in silence; here the user is sent away once more.',
      ),
    ],
  };
}

async function main(): Promise<void> {
  ensureBrowser(false);
  const { analyze, annotatedHar } = await engine();
  const browser = await launchBrowser({ headless: true });
  try {
    const recorder = await Recorder.start(await cdpOf(browser));
    const har = await runScenario(browser, 'v1-tour', async () => recorder.har());
    const analysis = analyze(slim(har), { name: 'sample.har' });
    const text = annotatedHar({ ...analysis, notes: guide(analysis) });
    await writeFile(file, `${JSON.stringify(JSON.parse(text))}\n`);
    process.stdout.write(`${har.log.entries.length} exchanges, ${guide(analysis).notes.length} notes\n`);
  } finally {
    await browser.close();
  }
}

await main();
