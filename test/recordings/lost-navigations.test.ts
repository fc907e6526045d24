import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { HarEntry } from '../../src/cli/record/har.ts';
import { analyze } from '../../src/report/analyze.ts';
import { numbers } from '../mutation/sources.ts';

const folder = import.meta.dirname;
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.har') ? [file.slice(0, -4)] : []));

/** An outcome, and the entries that it rests on in the numbering of the whole log. */
interface Judged {
  readonly rule: string;
  readonly kind: string;
  readonly message: string;
  readonly entries: readonly number[];
}

function judged(all: readonly HarEntry[], kept: readonly number[], name: string): readonly Judged[] {
  const { outcomes } = analyze({ log: { entries: kept.map((index) => all[index]) } }, { name }).result;
  return outcomes.map(({ rule, kind, message, evidence }) => {
    const entries = evidence.map(({ entry }) => kept[entry] ?? -1);
    return { rule, kind, message, entries };
  });
}

/** What the rest of the log says that the whole one denies: a fault that is none, or a pass where there was a fault. */
function wrong(rest: readonly Judged[], whole: readonly Judged[]): readonly string[] {
  return rest.flatMap(({ rule, kind, message, entries }) => {
    const known = whole.filter((one) => one.rule === rule);
    const faults = known.filter((one) => one.kind === 'fail');
    const isKnown =
      kind === 'fail'
        ? faults.some((one) => one.message === message || one.entries.some((entry) => entries.includes(entry)))
        : kind !== 'pass' || faults.length === 0 || known.some((one) => one.kind === 'pass');
    return isKnown ? [] : [`${kind} ${rule}: ${message}`];
  });
}

const isNavigation = ({ request, _resourceType }: HarEntry & { readonly _resourceType?: string }): boolean =>
  _resourceType === 'document' ||
  (request.method === 'GET' && /^https?:[^?]*\/(auth|interaction|oauth\/callback|callback)\b/.test(request.url));

// What a popup does is not in DevTools' log of the page, and browsers lose what a page did when it is left.
it.each(names)('%s: sign-ins whose navigations are lost in part are judged as before, or undecided', (name) => {
  const entries: readonly HarEntry[] = JSON.parse(readFileSync(join(folder, `${name}.har`), 'utf8')).log.entries;
  const all = entries.map((_, index) => index);
  const navigations = all.filter((index) => entries[index] && isNavigation(entries[index]));
  const whole = judged(entries, all, name);
  for (let seed = 0; seed < 6; seed += 1) {
    const random = numbers(seed + 1);
    const lost = new Set(navigations.filter(() => seed === 0 || random(10) < 4));
    const kept = all.filter((index) => !lost.has(index));
    expect(wrong(judged(entries, kept, name), whole), `without ${[...lost].join()}`).toEqual([]);
  }
});
