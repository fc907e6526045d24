/**
 * A client for the conformance suite, which starts it with the server's address as last argument. It signs in, calls
 * a tool by the SDK it is told, with the fault it is told, and writes a HAR of all it sent and received.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { harText } from '../../lab/slim.ts';
import { faulty, isFault, type ProviderFault } from './faults.ts';
import { given } from './given.ts';
import { HttpRecorder } from './http-recorder.ts';
import { openV1, openV2 } from './sdk.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sdk: { type: 'string' }, fault: { type: 'string', default: 'none' }, har: { type: 'string' } },
});
const { sdk, fault, har } = values;
const server = positionals.at(-1);
if (server === undefined || har === undefined || !isFault(fault) || (sdk !== 'v1' && sdk !== 'v2'))
  throw new Error('client --sdk v1|v2 [--fault <name>] --har <file> <server>');

/** So many sign-ins a sound client makes before it gives up; the suite calls four too many. */
const mostSignIns = fault === 'no-retry-limit' ? 12 : 3;
const recorder = new HttpRecorder();
const fetch = faulty(fault, recorder.fetch);
const opening = {
  server: new URL(server),
  fetch,
  stateless: (process.env.MCP_CONFORMANCE_PROTOCOL_VERSION ?? '') >= '2026',
};

/** Signs in as often as it is sent to, and uses the server in between. */
async function run(): Promise<void> {
  const { provider, takeResponse } = await given(process.env, fetch, fault as ProviderFault);
  const open = () => (sdk === 'v1' ? openV1 : openV2)({ ...opening, provider });
  for (let signIns = 1; ; signIns += 1) {
    const connection = open();
    try {
      await connection.use();
      return;
    } catch (error) {
      const response = takeResponse();
      if (!response || signIns > mostSignIns) throw error;
      await connection.redeem(response);
    } finally {
      await connection.close().catch(() => undefined);
    }
  }
}

const failure = await run().then(
  () => null,
  (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
);
if (failure) process.stderr.write(`${failure}\n`);
const log = {
  version: '1.2',
  creator: { name: 'conformance client', version: sdk },
  browser: { name: '', version: '' },
} as const;
const page = { id: 'client', title: 'client', startedDateTime: new Date().toISOString(), pageTimings: {} };
writeFileSync(har, harText({ log: { ...log, pages: [page], entries: await recorder.entries() } }));
process.exit(failure ? 1 : 0);
