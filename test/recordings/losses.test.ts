import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HarEntry } from '../../src/cli/record/har.ts';
import { analyze } from '../../src/report/analyze.ts';
import type { Outcome } from '../../src/rules/outcome.ts';
import { numbers } from '../mutation/sources.ts';

const folder = import.meta.dirname;
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.har') ? [file.slice(0, -4)] : []));

type Judged = Pick<Outcome, 'rule' | 'kind' | 'message'>;

const judged = (entries: readonly HarEntry[], name: string): readonly Judged[] =>
  analyze({ log: { entries } }, { name }).result.outcomes;

/** What the rest of the log says that the whole one denies: a fault that is none, or a pass where there was a fault. */
function wrong(rest: readonly Judged[], whole: readonly Judged[]): readonly string[] {
  return rest.flatMap(({ rule, kind, message }) => {
    const known = whole.filter((one) => one.rule === rule).map((one) => one.kind);
    // Where the first step was lost, a fault is told of the next.
    const isKnown = known.includes(kind) || (kind === 'pass' ? !known.includes('fail') : kind !== 'fail');
    return isKnown ? [] : [`${kind} ${rule}: ${message}`];
  });
}

type Recorded = HarEntry & { readonly _resourceType?: string };

const isNavigation = ({ request, _resourceType }: Recorded): boolean =>
  _resourceType === 'document' ||
  (request.method === 'GET' && /^https?:[^?]*\/(auth|interaction|oauth\/callback|callback)\b/.test(request.url));

/** What recorders lose of an entry; null: the whole of it. */
const losses: Readonly<Record<string, (entry: Recorded) => Recorded | null>> = {
  // What a popup does is not in DevTools' log of the page, and browsers lose what a page did when it is left.
  navigations: (entry) => (isNavigation(entry) ? null : entry),
  'bodies of requests': (entry) => {
    const { postData: _, ...request } = entry.request;
    return { ...entry, request };
  },
  'headers of requests': (entry) => ({ ...entry, request: { ...entry.request, headers: [] } }),
  'bodies of answers': (entry) => {
    const { text: _, ...content } = entry.response.content;
    return { ...entry, response: { ...entry.response, content: { ...content, size: 100 } } };
  },
  'headers of answers': (entry) => ({ ...entry, response: { ...entry.response, headers: [] } }),
};

/** rules.md A.1.3, rows 11 and 12: told of a token response that was not recorded, in these words. */
const isTold = (wrong: string): boolean => wrong.includes('no token response to it was recorded');

describe.each(Object.entries(losses))('%s are lost in part', (_, loss) => {
  it.each(names)('%s is judged as before, or undecided', (name) => {
    const entries: readonly Recorded[] = JSON.parse(readFileSync(join(folder, `${name}.har`), 'utf8')).log.entries;
    const whole = judged(entries, name);
    for (let seed = 0; seed < 3; seed += 1) {
      const random = numbers(seed + 1);
      const rest = entries.flatMap((entry) => (seed === 0 || random(10) < 4 ? (loss(entry) ?? []) : entry));
      expect(
        wrong(judged(rest, name), whole).filter((one) => !isTold(one)),
        `seed ${seed}`,
      ).toEqual([]);
    }
  });
});
