import fc from 'fast-check';
import { stepUp, values } from '../cli/fixtures.ts';
import { har, signIn } from '../report/hars.ts';
import { type Traffic, traffic } from '../traffic/traffic.ts';

/** A tag that only hostile text holds: it may never come out as markup. */
export const TAG = 'zqx';

const hostileTexts: readonly string[] = [
  `<${TAG} onload=1>`,
  `</script><${TAG}>`,
  `"><${TAG} a='`,
  `]]><${TAG}/>`,
  `-->\n<${TAG}>`,
  `![${TAG}](javascript:${TAG})`,
  `[${TAG}](javascript:${TAG})`,
  `\`\`\`\n<${TAG}>\n\`\`\``,
  '| a | b |\n|--|--|',
  '\u001b[31mred\u001b]0;title\u0007',
  '\u202eevil\u2066\u200b\ufeff',
  '\u0000\u0001\u0085\u009b31m\u007f',
  '\ud800 lone \udfff',
  'Bearer error="invalid_token", scope="a b, c\\", realm=',
  'Bearer '.repeat(200),
  '%00%ff%f0%9f%zz%',
  '__proto__',
  'constructor',
  'at-1',
  'eyJhbGciOiJub25lIn0.e30.',
  'https://[::1]:99999/../..//?code=&state#access_token=x&code',
  'data: {"jsonrpc":"2.0","id":1}\n\nevent: x\ndata',
  `${'['.repeat(3000)}`,
  `{"a":${'{"a":'.repeat(500)}`,
  '9'.repeat(400),
  'x'.repeat(20_000),
  '',
];

const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...hostileTexts),
  fc.constantFrom<unknown>(null, true, -1, 0, 1e308, -0, 2 ** 53, [], {}, [[]], [null], { toString: 1 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** One thing that goes wrong in a log: where (counted over all its values) and how. */
export interface Mishap {
  readonly at: number;
  readonly how: 'replace' | 'drop' | 'rename' | 'twice' | 'splice' | 'swap';
  readonly what: unknown;
  readonly offset: number;
}

const mishap: fc.Arbitrary<Mishap> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'drop', 'rename', 'twice', 'splice', 'splice', 'splice', 'swap'),
  what: junk,
  offset: fc.nat(500),
});

const complete = (log: Traffic): Traffic =>
  log
    .challenge({ scope: 'r' })
    .prm()
    .asm({ scopes: ['r', 'w', 'offline_access'] })
    .reg()
    .az({ scope: 'r offline_access', prompt: 'consent' })
    .tk({ scope: 'r offline_access', refresh: 'refresh-token-0-0123456789' })
    .call('search', { args: { query: 'x' } })
    .expired('search')
    .rf()
    .call('search');

const bases: readonly (() => unknown)[] = [
  () => har(signIn(values)),
  () => har(stepUp('files:other')),
  () => complete(traffic()).har(),
  () => complete(traffic({ revision: '2026-07-28' })).har(),
  () => complete(traffic({ revision: '2025-03-26' })).har(),
];

/** Logs that were sound, and what has befallen them. */
export const brokenLog: fc.Arbitrary<unknown> = fc
  .record({ base: fc.nat(bases.length - 1), mishaps: fc.array(mishap, { minLength: 1, maxLength: 12 }) })
  .map(({ base, mishaps }) => {
    const log = structuredClone(bases[base]?.());
    for (const one of mishaps) befall(log, one);
    return log;
  });

type Container = Record<string, unknown> | unknown[];

/** Every value inside, by its container and key. */
function places(value: unknown): [Container, string][] {
  const found: [Container, string][] = [];
  const open: unknown[] = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one !== 'object' || one === null) continue;
    for (const key of Object.keys(one)) {
      found.push([one as Container, key]);
      open.push((one as Record<string, unknown>)[key]);
    }
  }
  return found;
}

function befall(log: unknown, { at, how, what, offset }: Mishap): void {
  const all = places(log);
  const [container, key] = all[at % Math.max(1, all.length)] ?? [];
  if (container === undefined || key === undefined) return;
  const fields = container as Record<string, unknown>;
  const value = fields[key];
  const [other, otherKey] = all[(at + offset + 1) % all.length] ?? [container, key];
  switch (how) {
    case 'replace':
      fields[key] = structuredClone(what);
      break;
    case 'drop':
      if (Array.isArray(container)) container.splice(Number(key), 1);
      else delete fields[key];
      break;
    case 'rename':
      Object.defineProperty(container, wordsOf(what).slice(0, 40), {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
      break;
    case 'twice':
      if (Array.isArray(container)) container.push(structuredClone(value));
      else fields[`${key}_`] = structuredClone(value);
      break;
    case 'splice': {
      const text = wordsOf(value);
      const cut = offset % (text.length + 1);
      fields[key] = `${text.slice(0, cut)}${wordsOf(what)}${text.slice(cut)}`;
      break;
    }
    case 'swap': {
      // Only leaves: a container in itself would be no JSON.
      const swapped = (other as Record<string, unknown>)[otherKey];
      if (typeof value === 'object' || typeof swapped === 'object') break;
      fields[key] = swapped;
      (other as Record<string, unknown>)[otherKey] = value;
    }
  }
}

function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Bytes of such logs, as a file may be damaged: cut off, with bytes changed, left out or put in. */
export const brokenBytes: fc.Arbitrary<Uint8Array> = fc
  .record({
    log: brokenLog,
    space: fc.constantFrom(0, 2),
    harm: fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255), how: fc.constantFrom('set', 'cut', 'drop', 'put') }), {
      maxLength: 6,
    }),
  })
  .map(({ log, space, harm }) => {
    let bytes = [...new TextEncoder().encode(JSON.stringify(log, null, space))];
    for (const { at, byte, how } of harm) {
      const place = at % (bytes.length + 1);
      if (how === 'cut') bytes = bytes.slice(0, Math.max(1, place));
      else bytes.splice(place, how === 'put' ? 0 : 1, ...(how === 'drop' ? [] : [byte]));
    }
    return Uint8Array.from(bytes);
  });

/** Text for the readers: a sound one's pieces among hostile ones. */
export const brokenText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...hostileTexts),
      fc.constantFrom(
        'Bearer error="invalid_token", resource_metadata="https://mcp.example/.well-known/oauth-protected-resource"',
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"}}',
        'grant_type=authorization_code&code=x&code_verifier=y',
        'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUifQ.c2ln',
        'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n',
        'https://as.example/authorize?response_type=code&scope=a%20b',
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));
