import { readFile } from 'node:fs/promises';
import { analyze, counts, type Result } from 'mcp-auth-inspector';

/**
 * For an end-to-end test with Playwright: what the client under test got wrong, a line each.
 *
 *     const context = await browser.newContext({ recordHar: { path: 'e2e.har', content: 'embed' } });
 *     // ... sign in, use the tools ...
 *     await context.close();                          // writes the file
 *     expect(await clientFaults('e2e.har', known)).toEqual([]);
 *
 * @param har path of the recording
 * @param known an earlier result (`analyze --format json`): its faults do not count, so that only new ones fail the test
 */
export async function clientFaults(har: string, known: Pick<Result, 'outcomes'> | null = null): Promise<string[]> {
  const { result } = analyze(JSON.parse(await readFile(har, 'utf8')), {
    name: 'e2e.har',
    ...(known === null ? {} : { baseline: known.outcomes }),
  });
  return result.outcomes
    .filter((outcome) => counts(outcome, { failOn: 'warning', party: 'client' }))
    .map(({ rule, message, fix }) => `${rule}: ${message} ${fix}`);
}
