import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../src/report/analysis.ts';
import { analyze } from '../../src/report/analyze.ts';
import { redactedResult } from '../../src/report/json.ts';
import { junitReport } from '../../src/report/junit.ts';
import { code, markdownText } from '../../src/report/markdown/escape.ts';
import { markdownReport } from '../../src/report/markdown/report.ts';
import { ndjsonLine } from '../../src/report/ndjson.ts';
import { defaultRedaction } from '../../src/report/redaction/redact.ts';
import { entryRegions } from '../../src/report/sarif/entry-regions.ts';
import { plainMessage, sarifReport } from '../../src/report/sarif/report.ts';
import type { SarifLog } from '../../src/report/sarif/types.ts';
import { escapeXml } from '../../src/report/xml.ts';
import { stepUp, values } from '../cli/fixtures.ts';
import { corpus, har, server, signIn } from './hars.ts';
import { parseJunit } from './junit-shape.ts';

const document = har(stepUp('files:other'));
const session = analyze(document, { name: 'session.har' });
const recordings = corpus().filter(({ name }) => /real\/(v1|usemcp)-stepup|real\/neg|mismatch/.test(name));
const hostile =
  '"><script>x</script> @everyone #1 ![a](http://e.example) [l](javascript:x) |`` \u202e\u0000\ud800 *b* &lt; {0}';

/** The official schema, as the newer dialect of JSON Schema writes it: `id` is `$id` there. */
function sarifSchema(): ValidateFunction {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

const isSarif = sarifSchema();

async function sarif(analysis: Analysis, text?: string): Promise<SarifLog> {
  const regions = text === undefined ? [] : entryRegions(text);
  const log = JSON.parse(await sarifReport([{ analysis, folder: 'e2e/recordings', regions }]));
  isSarif(log);
  expect(isSarif.errors ?? []).toEqual([]);
  return log;
}

function evil(): Analysis {
  const scope = hostile.replaceAll('"', "'").replaceAll('\ud800', '');
  return analyze(har(signIn({ ...values, scope })), { name: `${hostile}.har` });
}

describe('ndjson', () => {
  it('is the result in one line', () => {
    const result = redactedResult(session, defaultRedaction);
    const line = ndjsonLine(result);
    expect(line.split(/[\n\r\u2028\u2029]/)).toHaveLength(2);
    expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(result)));
    const odd = ndjsonLine({ ...result, source: { ...result.source, name: 'a\u2028b\nc' } });
    expect(odd.split(/[\n\r\u2028\u2029]/)).toHaveLength(2);
    expect(JSON.parse(odd).source.name).toBe('a\u2028b\nc');
  });
});

describe('SARIF', () => {
  it('passes the official schema and says what the result says', async () => {
    expect(isSarif({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
    const text = JSON.stringify(document, null, 2);
    const { runs } = await sarif(session, text);
    const [run] = runs;
    expect(run?.results.map(({ ruleId, kind, level }) => [ruleId, kind, level])).toEqual(
      session.result.outcomes.map(({ rule, kind, level }) => [rule, kind, level]),
    );
    for (const result of run?.results ?? []) {
      const rule = run?.tool.driver.rules[result.ruleIndex];
      expect(rule?.id).toBe(result.ruleId);
      expect(rule?.help.text).not.toBe('');
      expect(rule?.helpUri).toMatch(/^https:\/\//);
      expect(result.locations[0]?.physicalLocation.artifactLocation.uri).toBe('e2e/recordings/session.har');
    }
  });

  it('shows the exchange and its lines, and each sign-in as a flow', async () => {
    const text = JSON.stringify(document, null, 2);
    const { runs } = await sarif(session, text);
    const fault = runs[0]?.results.find(({ ruleId }) => ruleId === 'challenge-scope-authoritative');
    const entry = session.result.outcomes.find(({ rule }) => rule === 'challenge-scope-authoritative')?.evidence[0]
      ?.entry;
    expect(fault?.webRequest).toMatchObject({ method: 'GET' });
    expect(fault?.webRequest?.target).toContain('scope=files%3Aother');
    const region = fault?.locations[0]?.physicalLocation.region;
    const lines = text.split('\n').slice((region?.startLine ?? 0) - 1, region?.endLine);
    expect(JSON.parse(lines.join('\n').replace(/,$/, ''))).toEqual(JSON.parse(text).log.entries[entry ?? -1]);
    const flows = runs[0]?.results.flatMap(({ codeFlows = [] }) => codeFlows) ?? [];
    const ids = new Set(flows.map(({ threadFlows }) => threadFlows[0].id));
    expect(ids).toEqual(new Set(session.story.grants.flatMap(({ id, server: of }) => (of === null ? [] : [id]))));
    const first = flows.find(({ threadFlows }) => threadFlows[0].id === 'g1')?.threadFlows[0].locations ?? [];
    expect(first.length).toBeGreaterThan(5);
    const token = first.find(({ webRequest }) => webRequest.target === 'https://as.example.com/token');
    expect(token?.webRequest.body?.text).toContain('code=code-1');
    expect(token?.webResponse.body?.text).toContain('"at-1"');
  });

  it('has prints that outlive another recording', async () => {
    const prints = async (parts: Parameters<typeof har>[0]) => {
      const log = await sarif(analyze(har(parts), { name: 'x.har' }));
      return log.runs[0]?.results.map((result) => result.partialFingerprints['mcpAuthOutcome/v1']).sort();
    };
    const parts = JSON.stringify(stepUp('files:other'));
    const other = JSON.parse(parts.replaceAll('0123456', '6543210').replaceAll('acce55', 'other'));
    const one = await prints(stepUp('files:other'));
    expect(await prints([{ url: 'https://news.example.net/' }, ...other])).toEqual(one);
    expect(new Set(one).size).toBe(one?.length);
    expect(await prints(stepUp('files:read files:write'))).not.toEqual(one);
  });

  it('lets no text steer a reader', async () => {
    const log = await sarif(evil());
    expect(stringsOf(log).flatMap(hidden)).toEqual([]);
    expect(plainMessage('see {0} [x](y) \\')).toBe('see {{0}} \\[x\\](y) \\\\');
  });

  for (const { name, har: recording } of recordings) {
    it(`of ${name} is valid`, async () => {
      await sarif(analyze(recording, { name }), JSON.stringify(recording));
    });
  }
});

describe('regions of entries', () => {
  it('are where JSON.parse finds the entries, however the file is written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 5 }),
        fc.jsonValue(),
        fc.constantFrom(undefined, 1, '\t'),
        (entries, noise, space) => {
          const file = { noise, log: { pages: [noise, { entries: [1] }], entries, after: noise }, entries: [2] };
          const text = JSON.stringify(file, null, space);
          const lines = text.split('\n');
          const cut = entryRegions(text).map(({ startLine, startColumn, endLine, endColumn }) => {
            const inside = lines.slice(startLine - 1, endLine);
            inside[inside.length - 1] = (inside.at(-1) ?? '').slice(0, endColumn - 1);
            inside[0] = (inside[0] ?? '').slice(startColumn - 1);
            return JSON.parse(inside.join('\n'));
          });
          expect(cut).toEqual(JSON.parse(text).log.entries);
        },
      ),
    );
  });

  it('take the last of a repeated key, read keys with escapes, and never fail', () => {
    const repeated = '{"log":{"entries":[1,2]},"l\\u006fg":{"entries":[3]}}';
    expect(entryRegions(repeated)).toMatchObject([{ startColumn: repeated.indexOf('3') + 1 }]);
    expect(entryRegions('{"log":{"entries":[1]},"log":{}}')).toEqual([]);
    expect(entryRegions('{"log":{"entries":{"a":[1]}}}')).toEqual([]);
    expect(entryRegions('\ufeff{"log":\n{"entries":[ {} ]}}')).toEqual([
      { startLine: 2, startColumn: 14, endLine: 2, endColumn: 16 },
    ]);
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(entryRegions(text))));
    const deep = `{"log":{"entries":[${'['.repeat(300_000)}${']'.repeat(300_000)}]}}`;
    expect(entryRegions(deep)).toHaveLength(1);
  });
});

describe('JUnit', () => {
  it('has the shape that build servers read, by server and rule', () => {
    const { suites, failures } = parseJunit(junitReport([session]));
    expect(suites.map(({ name }) => name)).toContain(`session.har: ${server}`);
    const cases = suites.flatMap((suite) => suite.cases);
    const faulty = new Set(
      session.result.outcomes.flatMap(({ kind, rule, subject }) => (kind === 'fail' ? [`${subject} ${rule}`] : [])),
    );
    const failed = cases.flatMap(({ classname, name, state }) => (state === 'failure' ? [`${classname} ${name}`] : []));
    expect(new Set(failed)).toEqual(faulty);
    expect(failures).toBe(faulty.size);
    expect(cases.find(({ name }) => name === 'challenge-scope-authoritative')?.state).toBe('failure');
    const judged = new Set(
      session.result.outcomes.flatMap(({ kind, rule, subject }) =>
        kind === 'notApplicable' ? [] : [`${subject} ${rule}`],
      ),
    );
    expect(new Set(cases.map(({ classname, name }) => `${classname} ${name}`))).toEqual(judged);
  });

  it('fails only what counts, and calls nothing unseen a pass', () => {
    const text = junitReport([session], undefined, { failOn: 'error', party: 'client' });
    const cases = parseJunit(text).suites.flatMap((suite) => suite.cases);
    for (const { classname, name, state } of cases) {
      const outcomes = session.result.outcomes.filter(({ rule, subject }) => rule === name && subject === classname);
      const isCounted = outcomes.some(({ level, party }) => level === 'error' && party === 'client');
      expect(state === 'failure', name).toBe(isCounted);
      if (state === 'pass') expect(outcomes.some(({ kind }) => kind === 'pass')).toBe(true);
    }
  });

  it('is well-formed whatever the input says', () => {
    expect(parseJunit(junitReport([evil(), session, evil()])).suites.length).toBeGreaterThan(2);
    expect(escapeXml('a\u0000<\n"\uffff\ud800')).toBe('a\\u{0}&lt;&#10;&quot;\\u{ffff}\\u{d800}');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        parseJunit(
          junitReport([{ ...session, result: { ...session.result, source: { ...session.result.source, name } } }]),
        );
      }),
      { numRuns: 4 },
    );
  });

  it('refuses another shape', () => {
    const text = junitReport([session]);
    for (const broken of [
      text.replace('<testsuites ', '<testsuites odd="1" '),
      text.replace(/<testcase /, '<case '),
      text.replace(/failures="\d+"/, 'failures="many"'),
      text.replace('</testsuites>', ''),
    ])
      expect(() => parseJunit(broken)).toThrow();
  });
});

describe('Markdown', () => {
  const shape = (text: string) => marked.lexer(text).map(({ type }) => type);

  it('tells a typical session in fewer than 60 lines', () => {
    const text = markdownReport(session);
    expect(text.split('\n').length).toBeLessThan(60);
    expect(text).toContain('### ❌');
    expect(text).toContain('files:write');
    expect(shape(text)).toEqual(expect.arrayContaining(['heading', 'table', 'html', 'list']));
    for (const { name, har: recording } of recordings) {
      const lines = markdownReport(analyze(recording, { name })).split('\n').length;
      expect(lines, name).toBeLessThan(60);
    }
  });

  it('closes what it opens', () => {
    const page = marked.parse(markdownReport(session), { async: false });
    expect(page.split('<details>').length).toBe(page.split('</details>').length);
    expect(page).not.toMatch(/&lt;\/?(details|summary|sub)/);
    expect(page).toContain('<td><code>code for token</code></td>');
  });

  it('shows strangers’ text as text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'`<>[]()!*_~|\\@#&:/.-+=$"\' \n\t0a1fGz\u202e\u0000é漢'), maxLength: 40 }),
        (text) => {
          const { plain, pieces } = rendered(`**x** ${markdownText(text)} ${code(text)}`);
          // Nothing but paragraphs, code and our own bold; outside of code nothing that a tracker links.
          expect(
            pieces.filter((type) => !['paragraph', 'text', 'codespan', 'strong', 'escape', 'space'].includes(type)),
          ).toEqual([]);
          expect(plain).not.toMatch(/[@#<>|`*_[\]\\/&$~]|\w[.:]\w|\b[0-9a-f]{7,}\b|[A-Za-z]-\d/);
        },
      ),
      { numRuns: 500 },
    );
    const page = marked.parse(markdownReport(evil()), { async: false });
    expect(page).not.toMatch(
      /<script|<img|<a [^>]*href="(?!https:\/\/(modelcontextprotocol\.io|datatracker\.ietf\.org|www\.rfc-editor\.org|github\.com|openid\.net|oauth\.net|fetch\.spec))/,
    );
    expect(hidden(page)).toEqual([]);
    expect(page).not.toMatch(/(?<!<code>[^<]*)@everyone/);
  });
});

/** What marked, a reader of Markdown that is not ours, sees: the text outside of code, and the kinds of all pieces. */
function rendered(text: string): { readonly plain: string; readonly pieces: readonly string[] } {
  const pieces: string[] = [];
  const tokens = marked.lexer(text);
  marked.walkTokens(tokens, (token) => {
    pieces.push(token.type);
  });
  const plain = marked
    .parser(tokens)
    .replaceAll(/<code>[^<]*<\/code>/g, ' ')
    .replaceAll(/<\/?(p|strong)>/g, ' ')
    .replaceAll(/&quot;|&#39;/g, "'");
  return { plain, pieces };
}

/** Characters that a reader would not see: controls but newline, lone surrogates, marks of direction. */
function hidden(text: string): readonly string[] {
  return [...text].filter(
    (one) => (one < ' ' && one !== '\n' && one !== '\t') || one === '\u202e' || /^\p{Surrogate}$/u.test(one),
  );
}

/** Every string of a JSON value, names of members included. */
function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return [...Object.keys(value), ...Object.values(value).flatMap(stringsOf)];
}
