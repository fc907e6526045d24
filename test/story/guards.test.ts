import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The ids of rules.md 0.B and 0.C. */
const IDS = [...ids('G', 22), ...ids('C', 11)];
const SRC = resolve(import.meta.dirname, '../../src');
const README = 'story/README.md';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** A member of the story's model, as in `Grant.server`; null where rules call the function itself. */
  readonly member: string | null;
}

const rows = text(README)
  .split('\n')
  .flatMap((line): Row[] => {
    const [id, , name, file, member] = line.split('|').slice(1, -1).map(trimmed);
    return id && IDS.includes(id) ? [{ id, name: name ?? '', file: file ?? '', member: member || null }] : [];
  });
const sources = [...files('story'), ...files('rules')];

describe('the table of guards and causes', () => {
  test('has each of them once', () => {
    expect(rows.map(({ id }) => id).toSorted()).toEqual(IDS.toSorted());
  });

  test.each(rows)('$id is $name, whose words say so', async ({ id, name, file }) => {
    const module: Record<string, unknown> = await import(join(SRC, file));
    expect(typeof module[name]).toBe('function');
    expect(docOf(text(file), name)).toMatch(new RegExp(`\\b${id}\\b`));
  });

  test.each(rows.filter(({ member }) => member !== null))('$id fills $member, which the model has', ({ member }) => {
    const [type, name] = (member ?? '').split('.');
    const body = text('story/model.ts').split(`export interface ${type} {`)[1]?.split('\n}')[0] ?? '';
    expect(body).toMatch(new RegExp(`^ {2}readonly ${name}:`, 'm'));
  });

  test('is what every other place asks that cites one of them', () => {
    const own = sources.flatMap((source) => {
      const code = text(source);
      const cited = [...code.matchAll(/\b[GC]\d{1,2}\b/g)].map(([id]) => id).filter((id) => IDS.includes(id));
      const asked = imports(source, code);
      return [...new Set(cited)].flatMap((id) => {
        const row = rows.find((one) => one.id === id);
        const asks = row && (row.file === source || row.member !== null || asked.has(row.file));
        return asks ? [] : [`${source} cites ${id}, and does not ask ${row?.name}`];
      });
    });
    expect(own).toEqual([]);
  });
});

function ids(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
}

function trimmed(cell: string): string {
  return cell.trim().replaceAll('`', '');
}

function text(file: string): string {
  return readFileSync(join(SRC, file), 'utf8');
}

function files(room: string): string[] {
  return readdirSync(join(SRC, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(room, name));
}

function imports(source: string, code: string): ReadonlySet<string> {
  const paths = [...code.matchAll(/from '(\.[^']+)'/g)].map(([, path]) => path ?? '');
  return new Set(paths.map((path) => relative(SRC, resolve(SRC, dirname(source), path))));
}

/** The comment that stands right above a declaration. */
function docOf(code: string, name: string): string {
  const at = code.search(new RegExp(`^export (?:async )?(?:function\\*?|const|class) ${name}\\b`, 'm'));
  const before = code.slice(0, Math.max(0, at)).trimEnd();
  return before.endsWith('*/') ? before.slice(before.lastIndexOf('/**')) : '';
}
