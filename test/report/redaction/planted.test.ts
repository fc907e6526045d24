import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { s256 } from '../../../src/protocol/pkce.ts';
import { analyze } from '../../../src/report/analyze.ts';
import { annotatedHar } from '../../../src/report/har.ts';
import { htmlReport } from '../../../src/report/html/report.ts';
import { redactedResult, resultJson } from '../../../src/report/json.ts';
import { defaultRedaction, redact } from '../../../src/report/redaction/redact.ts';
import { type EntryParts, har, issuer, plain, server, signIn } from '../hars.ts';
import { places, secretKinds } from './planted.ts';

/** What a reader of a redacted file must still see. */
const kept = [
  'files:read',
  'offline_access',
  'public-client',
  issuer,
  server,
  'invalid_token',
  'resource_metadata',
  'WWW-Authenticate',
  'Authorization',
  'authorization_code',
  'token_endpoint',
  '/.well-known/oauth-authorization-server',
];

/** Text as a server makes it: what is all one letter is a placeholder to a reader. */
const random = fc
  .record({ seed: fc.nat(), length: fc.integer({ min: 24, max: 40 }) })
  .map(({ seed, length }) => s256(String(seed)).replaceAll(/[-_]/g, 'x').slice(0, length));

function call(parts: Partial<EntryParts>): EntryParts {
  return {
    url: server,
    requestHeaders: { Authorization: `Bearer ${plain.access}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' }),
    content: '{}',
    ...parts,
  };
}

/** The secret as it is, percent-encoded once and twice, and in base64 at each alignment. */
function formsOf(secret: string): readonly string[] {
  const twice = encodeURIComponent(encodeURIComponent(secret));
  const aligned = ['', 'x', 'xx'].map((before) =>
    Buffer.from(before + secret)
      .toString('base64')
      .slice(before === '' ? 0 : 4, -4),
  );
  return [...new Set([secret, encodeURIComponent(secret), twice, ...aligned])];
}

it('knows thirty kinds of secrets and forty kinds of place', () => {
  expect(Object.keys(secretKinds).length).toBeGreaterThanOrEqual(30);
  expect(Object.keys(places).length).toBeGreaterThanOrEqual(40);
});

describe('a secret that is known from one exchange leaves in no other', () => {
  it.each(Object.entries(secretKinds))('%s', async (_, { make, home }) => {
    await fc.assert(
      fc.asyncProperty(random, async (seed) => {
        const secret = make(seed);
        const planted = Object.entries(places);
        const parts = [...signIn(plain), home(secret), ...planted.map(([, place]) => call(place(secret)))];
        const first = parts.length - planted.length;
        const analysis = analyze(har(parts), { name: 'test.har' });
        const { log } = redact(analysis, { ...defaultRedaction, allContent: true });
        const entries = (log as { readonly entries: readonly unknown[] }).entries;
        const leaks = [
          ...planted.flatMap(([name], index) => leaksOf(JSON.stringify(entries[first + index]), secret, name)),
          ...leaksOf(JSON.stringify(entries.slice(0, first)), secret, 'its home'),
          ...leaksOf(await annotatedHar(analysis), secret, 'the annotated HAR'),
          ...leaksOf(await htmlReport(analysis), secret, 'the HTML report'),
          ...leaksOf(resultJson([redactedResult(analysis, defaultRedaction)]), secret, 'the result'),
        ];
        expect(leaks).toEqual([]);
        const text = JSON.stringify(log);
        expect(kept.filter((word) => !text.includes(word))).toEqual([]);
      }),
      { numRuns: 3 },
    );
  });
});

function leaksOf(text: string, secret: string, where: string): readonly string[] {
  return formsOf(secret)
    .filter((form) => text.includes(form))
    .map((form) => `${where}: ${form}`);
}
