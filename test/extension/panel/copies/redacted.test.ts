import { describe, expect, test } from 'vitest';
import { curlCommand } from '../../../../src/extension/panel/copies/curl.ts';
import { around, redactedExchange } from '../../../../src/extension/panel/copies/redacted.ts';
import { analyze } from '../../../../src/report/analyze.ts';
import { issueText } from '../../../../src/report/markdown/issue.ts';
import { values } from '../../../cli/fixtures.ts';
import { type EntryParts, har, server, signIn } from '../../../report/hars.ts';

const call: EntryParts = {
  url: server,
  requestHeaders: { Authorization: `Bearer ${values.access}`, 'MCP-Protocol-Version': '2025-11-25' },
  body: JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list', params: { note: values.refresh } }),
  content: '{"jsonrpc":"2.0","id":2,"result":{}}',
};
const session = (calls: number) =>
  analyze(har([...signIn(values), ...new Array<EntryParts>(calls).fill(call)]), { name: 'session.har' });

describe.each([3, 600])('of a session with %i calls', (calls) => {
  const analysis = session(calls);
  const last = analysis.exchanges.length - 1;

  test('every exchange is copied without its secrets, tokens under their own names', async () => {
    for (const entry of [0, 4, 6, 8, last]) {
      const text = curlCommand(await redactedExchange(analysis, entry)) ?? '';
      expect(text).toContain('curl');
      for (const secret of [values.access, values.refresh, values.code, values.verifier, values.password]) {
        expect(text).not.toContain(secret);
      }
    }
    expect(curlCommand(await redactedExchange(analysis, last))).toContain("'Authorization: Bearer at-1'");
  });

  test('a finding is copied without secrets', () => {
    const [outcome] = analysis.result.outcomes.filter(({ kind }) => kind === 'fail');
    if (outcome === undefined) throw new Error('no fault');
    const entries = outcome.evidence.map(({ entry }) => entry);
    const text = issueText(around(analysis, entries), outcome, 'client');
    expect(text).toContain('**What happened.**');
    for (const secret of [values.access, values.refresh, values.code]) expect(text).not.toContain(secret);
  });
});
