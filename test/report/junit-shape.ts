import { parser } from 'sax';

/** One case of a JUnit file. */
export interface JunitCase {
  readonly name: string;
  readonly classname: string;
  readonly state: 'pass' | 'failure' | 'skipped';
}

export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

/** What the XML Schema of Jenkins' JUnit plug-in allows: attributes (a `*` is required, a `#` a number) and children. */
const shape: Readonly<
  Record<string, { readonly attributes: readonly string[]; readonly children: readonly string[] }>
> = {
  testsuites: {
    attributes: ['name', 'time#', 'tests#', 'failures#', 'disabled#', 'errors#'],
    children: ['testsuite'],
  },
  testsuite: {
    attributes: [
      'name*',
      'tests*#',
      'failures#',
      'errors#',
      'time#',
      'disabled#',
      'skipped#',
      'timestamp',
      'hostname',
      'id',
      'package',
    ],
    children: ['properties', 'testcase', 'system-out', 'system-err'],
  },
  testcase: {
    attributes: ['name*', 'assertions', 'time#', 'classname', 'status'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: { attributes: ['type', 'message'], children: [] },
  skipped: { attributes: ['type', 'message'], children: [] },
  'system-out': { attributes: [], children: [] },
};

/** Reads a JUnit file with a parser that is not ours; throws where it is not well-formed or not of the shape. */
export function parseJunit(text: string): { readonly suites: readonly JunitSuite[]; readonly failures: number } {
  const suites: { name: string; cases: JunitCase[]; told: Readonly<Record<string, string>> }[] = [];
  const open: string[] = [];
  let failures = Number.NaN;
  const reader = parser(true);
  reader.onerror = (error) => {
    throw error;
  };
  reader.onopentag = ({ name, attributes }) => {
    const given: Record<string, string> = {};
    for (const [key, value] of Object.entries(attributes)) given[key] = String(value);
    check(open.at(-1) ?? null, name, given);
    open.push(name);
    const suite = suites.at(-1);
    const last = suite?.cases.at(-1);
    if (name === 'testsuites') failures = Number(given.failures);
    else if (name === 'testsuite') suites.push({ name: given.name ?? '', cases: [], told: given });
    else if (name === 'testcase')
      suite?.cases.push({ name: given.name ?? '', classname: given.classname ?? '', state: 'pass' });
    else if (name === 'failure' || name === 'skipped') {
      if (last === undefined || last.state !== 'pass') throw new Error('two states of one case');
      suite?.cases.splice(-1, 1, { ...last, state: name });
    }
  };
  reader.onclosetag = () => {
    open.pop();
  };
  reader.write(text).close();
  if (open.length > 0) throw new Error(`${open.at(-1)} is not closed`);
  for (const { told, cases } of suites) {
    const counted = (state: JunitCase['state']): number => cases.filter((one) => one.state === state).length;
    const sums: readonly (readonly [string, number])[] = [
      ['tests', cases.length],
      ['failures', counted('failure')],
      ['skipped', counted('skipped')],
    ];
    for (const [key, number] of sums) {
      if (Number(told[key]) !== number) throw new Error(`${key} says ${told[key]}, there are ${number}`);
    }
  }
  return { suites, failures };
}

function check(parent: string | null, name: string, given: Readonly<Record<string, string>>): void {
  const rule = shape[name];
  if (rule === undefined) throw new Error(`no element ${name}`);
  if (parent === null ? name !== 'testsuites' : !shape[parent]?.children.includes(name))
    throw new Error(`${name} in ${parent ?? 'the document'}`);
  const known = new Map(rule.attributes.map((text) => [text.replace(/[*#]+$/, ''), text]));
  for (const [key, value] of Object.entries(given)) {
    const text = known.get(key);
    if (text === undefined) throw new Error(`${name} has no ${key}`);
    if (text.endsWith('#') && !/^\d+(\.\d+)?$/.test(value)) throw new Error(`${name} ${key} is no number: ${value}`);
  }
  for (const [key, text] of known) {
    if (text.includes('*') && given[key] === undefined) throw new Error(`${name} lacks ${key}`);
  }
}
