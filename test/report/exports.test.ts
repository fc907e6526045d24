import { describe, expect, it } from 'vitest';
import { s256 } from '../../src/protocol/pkce.ts';
import { analyze } from '../../src/report/analyze.ts';
import { quote } from '../../src/report/evidence.ts';
import { annotatedHar, redactedHar } from '../../src/report/har.ts';
import { escapeHtml } from '../../src/report/html/markup.ts';
import { htmlReport } from '../../src/report/html/report.ts';
import { redactedResult, resultJson } from '../../src/report/json.ts';
import { defaultRedaction } from '../../src/report/redaction/redact.ts';
import { defaultExport, shareable, structureOf } from '../../src/report/share.ts';
import { corpus, har, type SignIn, signIn } from './hars.ts';

const values: SignIn = {
  code: 'c0de-Zx81_mmQ2',
  state: 'st4te-0123456789abcdef',
  verifier: 'v'.repeat(50),
  challenge: s256('v'.repeat(50)),
  access: 'acce55-opaque-token-value',
  refresh: 'refre5h-opaque-token-value',
  password: 'correct horse battery',
  user: 'alice@example.org',
  cookie: 'c00kie-Value-123456',
  session: '7a5b3c1d-9f8e-4a6b-8c2d-0e1f2a3b4c5d',
  scope: 'files:read',
};
const session = analyze(har(signIn(values)), { name: 'session.har' });
const recordings = corpus();

describe('annotated HAR', () => {
  const annotated = JSON.parse(annotatedHar(session));

  it('is HAR 1.2 with the result and each exchange’s part', () => {
    expect(annotated.log).toMatchObject({
      version: '1.2',
      creator: { name: 'mcp-auth-inspector' },
      _source: { name: 'test', version: '1' },
      _mcpAuth: { schema: 'mcp-auth-inspector/result/1', source: { redacted: true, entries: 10 } },
    });
    expect(annotated.log.entries).toHaveLength(10);
    expect(annotated.log.entries[0]._mcpAuth).toMatchObject({ role: 'mcp', server: 'https://mcp.example.com/mcp' });
    expect(annotated.log.entries[8]._mcpAuth).toMatchObject({
      role: 'token-request',
      grant: 'g1',
      tokens: ['at-1', 'rt-1'],
    });
    for (const one of annotated.log.entries) {
      expect(Object.keys(one)).toEqual(
        expect.arrayContaining(['startedDateTime', 'time', 'request', 'response', 'cache', 'timings']),
      );
      for (const index of one._mcpAuth?.outcomes ?? []) expect(annotated.log._mcpAuth.outcomes[index]).toBeDefined();
    }
  });

  it('is judged alike when analysed again, and its notes do not nest', () => {
    const again = analyze(annotated, { name: 'session.har' });
    expect(structureOf(again.result)).toEqual(structureOf(session.result));
    const twice = JSON.parse(annotatedHar(again));
    expect(twice.log.entries).toEqual(annotated.log.entries);
    expect(twice.log._mcpAuth.outcomes).toEqual(annotated.log._mcpAuth.outcomes);
    expect(twice.log._source).toEqual({ name: 'test', version: '1' });
  });

  it('holds for what recorders leave out', () => {
    const bare = analyze(
      { log: { entries: [{}, null, { request: { url: 'https://x.example/' } }] } },
      { name: 'bare' },
    );
    const log = JSON.parse(annotatedHar(bare)).log;
    expect(log.entries).toHaveLength(3);
    for (const one of log.entries)
      expect(one).toMatchObject({
        request: { headers: [], cookies: [] },
        response: { headers: [], content: {} },
        timings: {},
      });
  });

  it('of a careless recording is judged as the recording is', () => {
    const { log } = har(signIn(values));
    const careless = (log.entries as Record<string, Record<string, unknown>>[]).map((one, index) => ({
      ...one,
      ...(index % 3 === 1 ? { startedDateTime: 'yesterday' } : {}),
      time: index % 2 === 0 ? 20 : '20',
      request: { ...one.request, headersSize: null, bodySize: 'unknown', cookies: [null, { expires: 'soon' }] },
      response: { ...one.response, status: index === 0 ? 401 : one.response?.status, headersSize: '1' },
      timings: { send: null, wait: 'long', dns: {} },
      _initiator: index === 4 ? null : { type: 'script', lineNumber: 'x', stack: { callFrames: [7] } },
    }));
    const original = analyze({ log: { ...log, pages: [null, {}], entries: careless } }, { name: 'session.har' });
    const again = analyze(JSON.parse(annotatedHar(original)), { name: 'session.har' });
    expect(structureOf(again.result)).toEqual(structureOf(original.result));
    expect(again.result.source.problems).toEqual([]);
  });

  it('never trusts the notes in its input', () => {
    const document = har(signIn(values));
    const forged = {
      log: { ...document.log, _mcpAuth: { source: { redacted: false }, outcomes: [{ rule: 'forged', kind: 'fail' }] } },
    };
    expect(annotatedHar(analyze(forged, { name: 'x' }))).not.toContain('forged');
  });

  it('shows what was left out when nothing is redacted only on demand', () => {
    const options = { redaction: { ...defaultRedaction, level: 'none' }, analyze: {} } as const;
    const log = JSON.parse(annotatedHar(session, options)).log;
    expect(JSON.stringify(log)).toContain(values.access);
    expect(log._mcpAuth.source.redacted).toBe(false);
  });

  for (const { name, har: document } of recordings) {
    it(`of ${name} is judged as the recording is`, () => {
      const original = analyze(document, { name });
      const again = analyze(JSON.parse(annotatedHar(original)), { name });
      expect(structureOf(again.result)).toEqual(structureOf(original.result));
      expect(again.result.source.redacted).toBe(true);
    });
  }
});

describe('redacted HAR', () => {
  it('says that it is one, and only that', () => {
    const log = JSON.parse(redactedHar(session)).log;
    expect(log._mcpAuth).toEqual({ source: { redacted: true } });
    expect(JSON.stringify(log)).not.toContain(values.refresh);
  });
});

describe('ranges of an export', () => {
  it('point at the same words in the redacted copy', () => {
    const copy = shareable(session, defaultExport);
    for (const [index, outcome] of session.result.outcomes.entries()) {
      for (const [place, evidence] of outcome.evidence.entries()) {
        const there = copy.result.outcomes[index]?.evidence[place];
        const [one, other] = [session.exchanges[evidence.entry], copy.exchanges[evidence.entry]];
        if (evidence.range === undefined || there === undefined || one === undefined || other === undefined) continue;
        expect(quote(other, there, 0)?.quoted).toBe(quote(one, evidence, 0)?.quoted);
      }
    }
  });
});

describe('JSON', () => {
  it('is one object for one result, a list for several, the same bytes each time', () => {
    const result = redactedResult(session, defaultRedaction);
    expect(JSON.parse(resultJson([result])).schema).toBe('mcp-auth-inspector/result/1');
    expect(JSON.parse(resultJson([result, result]))).toHaveLength(2);
    const again = redactedResult(analyze(har(signIn(values)), { name: 'session.har' }), defaultRedaction);
    expect(resultJson([again])).toBe(resultJson([result]));
  });
});

describe('HTML', () => {
  const page = htmlReport(session);

  it('has no script, loads nothing and admits only its own style', () => {
    expect(page).not.toMatch(/<script|<link|<iframe|<img|javascript:|\son[a-z]+=|\sstyle=/i);
    expect(page).toMatch(/default-src &#39;none&#39;; style-src &#39;sha256-[A-Za-z0-9+/]{43}=&#39;/);
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, address = ''] of page.matchAll(/href="([^"]*)"/g)) {
      if (address.startsWith('#')) expect(ids).toContain(address.slice(1));
      else expect(address).toMatch(/^https:\/\//);
    }
  });

  it('shows strangers’ text as text', () => {
    expect(escapeHtml('<b a="\'">&\u202e')).toBe('&lt;b a=&quot;&#39;&quot;&gt;&amp;\\u{202e}');
    const evil = '"><script>alert(1)</script>\u202e';
    const hostile = htmlReport(analyze(har(signIn({ ...values, scope: evil })), { name: `${evil}.har` }));
    expect(hostile).not.toContain('<script');
    expect(hostile).not.toContain('\u202e');
  });

  it('tells the sign-in, its scopes and its tokens by alias', () => {
    for (const words of [
      'id="g1"',
      'code for token',
      'Scopes over time',
      'files:read',
      'at-1',
      'aria-label="Verdicts"',
    ])
      expect(page).toContain(words);
  });
});
