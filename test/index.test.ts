import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepUp, values } from './cli/fixtures.ts';
import { har } from './report/hars.ts';

const tsc = resolve('node_modules/typescript/bin/tsc');
const folder = mkdtempSync(join(tmpdir(), 'library-'));
/** The built package as a project that depends on it has it. */
const installed = join(folder, 'node_modules/mcp-auth-inspector');

beforeAll(async () => {
  mkdirSync(join(installed, 'dist/library'), { recursive: true });
  writeFileSync(join(installed, 'package.json'), readFileSync('package.json'));
  await build({
    configFile: resolve('vite.config.ts'),
    mode: 'library',
    logLevel: 'error',
    build: { outDir: join(installed, 'dist/library'), emptyOutDir: true },
  });
  const types = join(installed, 'dist/library/types');
  const declared = spawnSync(process.execPath, [tsc, '--project', 'src/tsconfig.library.json', '--outDir', types], {
    encoding: 'utf8',
  });
  expect(declared.stdout).toBe('');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the built library', () => {
  it('analyses and redacts', async () => {
    const library: typeof import('../src/index.ts') = await import(
      /* @vite-ignore */ pathToFileURL(join(installed, 'dist/library/index.js')).href
    );
    const analysis = library.analyze(har(stepUp('files:other')), { name: 'session.har' });
    const counted = analysis.result.outcomes.filter((outcome) =>
      library.counts(outcome, { failOn: 'error', party: 'client' }),
    );
    expect(counted.map(({ rule }) => rule)).toContain('challenge-scope-authoritative');
    const shared = JSON.stringify(library.redact(analysis).log);
    expect(shared).not.toContain(values.access);
    expect(shared).toContain('at-1');
    expect(await library.rulePage('challenge-scope-authoritative')).toContain('# ');
    expect(library.compare(analysis.result, analysis.result).new).toEqual([]);
  });

  it('is found by its name and typed for those who use it', () => {
    symlinkSync(resolve('node_modules/@types'), join(folder, 'node_modules/@types'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const use = (body: string): string => `import { analyze, redact, type Result } from 'mcp-auth-inspector';
const { result }: { result: Result } = analyze(JSON.parse('{"log":{"entries":[]}}'), { name: 'a.har', spec: 'auto' });
const kinds: readonly ('pass' | 'fail' | 'open' | 'informational' | 'notApplicable')[] = result.outcomes.map((one) => one.kind);
const { log }: { log: unknown } = redact(analyze({}, { name: 'b.har' }));
${body}
`;
    const compile = (body: string) => {
      writeFileSync(join(folder, 'use.ts'), use(body));
      const options = [
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--lib',
        'es2023,dom',
        '--types',
        'node',
      ];
      return spawnSync(process.execPath, [tsc, ...options, '--outDir', join(folder, 'out'), 'use.ts'], {
        cwd: folder,
        encoding: 'utf8',
      });
    };
    const right = compile("process.stdout.write([kinds.length, typeof log].join(' '));");
    expect(right.stdout).toBe('');
    expect(spawnSync(process.execPath, ['out/use.js'], { cwd: folder, encoding: 'utf8' }).stdout).toBe('0 object');
    expect(compile('const wrong: number = result.schema; void [wrong, kinds, log];').stdout).toContain("'number'");
  });
});
