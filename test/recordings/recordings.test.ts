import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HarEntry } from '../../src/cli/record/har.ts';
import { analyze } from '../../src/report/analyze.ts';
import { redact } from '../../src/report/redaction/redact.ts';
import { structureOf } from '../../src/report/share.ts';
import { expected, type Fault } from './expected.ts';

const folder = import.meta.dirname;
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.har') ? [file.slice(0, -4)] : []));

interface Document {
  readonly log: { readonly entries: readonly HarEntry[] };
}

const read = (name: string): Document => JSON.parse(readFileSync(join(folder, `${name}.har`), 'utf8'));
const requestOf = ({ request }: HarEntry): string => `${request.method} ${request.url.replace(/\?.*/, '')}`;

/** The fault that an outcome tells, as `expected.ts` has it. */
function told(entries: readonly HarEntry[], rule: string, level: string, entry: number): string {
  const culprit = entries[entry];
  const request = culprit ? requestOf(culprit) : 'nothing';
  const nth = entries.slice(0, entry + 1).filter((other) => requestOf(other) === request).length;
  return line({ rule, level: level as Fault['level'], request, nth });
}

const line = ({ rule, level, request, nth }: Fault): string => `${rule} ${level}: ${request} #${nth}`;

it('has expectations of every recording, and a recording for every expectation', () => {
  expect(names.toSorted()).toEqual(Object.keys(expected).toSorted());
});

it('keeps recordings slim', () => {
  const sizes = names.map((name) => statSync(join(folder, `${name}.har`)).size);
  expect(Math.max(...sizes)).toBeLessThan(120_000);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(5_000_000);
});

describe.each(names)('%s', (name) => {
  const document = read(name);
  const { entries } = document.log;
  const analysis = analyze(document, { name });

  it('has the expected faults, at the culprit, and no others', () => {
    const fails = analysis.result.outcomes.filter(({ kind }) => kind === 'fail');
    const found = fails.map(({ rule, level, evidence }) => told(entries, rule, level, evidence[0]?.entry ?? -1));
    expect(found.toSorted()).toEqual((expected[name] ?? []).map(line).toSorted());
  });

  it('is judged alike when it is redacted', () => {
    const copy = analyze({ log: redact(analysis).log }, { name });
    expect(structureOf(copy.result)).toEqual(structureOf(analysis.result));
  });

  it('holds nothing of the machine it was recorded on', () => {
    const text = JSON.stringify(document);
    for (const word of ['user-agent', 'User-Agent', 'sec-ch-ua', '/home/', '/root/', 'node_modules'])
      expect(text).not.toContain(word);
    const hosts = entries.map(({ request }) => new URL(request.url).host);
    expect([...new Set(hosts)].filter((host) => !/^127\.0\.0\.1:4[1-4]0[01]$/.test(host))).toEqual([]);
  });
});
