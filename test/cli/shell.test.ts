import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandSpecs } from '../../src/cli/commands.ts';
import { rules } from '../../src/rules/registry.ts';
import { har, signIn } from '../report/hars.ts';
import { stepUp, values } from './fixtures.ts';
import { call } from './terminal.ts';

let folder = '';
let files: readonly string[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-auth-inspector-'));
  files = ['a.har', 'b.har', 'c.har'].map((name) => join(folder, name));
  for (const [index, file] of files.entries())
    writeFileSync(file, JSON.stringify(har(index === 1 ? stepUp('files:other') : signIn(values))));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('several inputs', () => {
  it('come out in the order of the call, in every format that holds several', async () => {
    const names = ['a.har', 'b.har', 'c.har'];
    const lines = (await call(['analyze', ...files, '--format', 'ndjson'])).out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).source.name)).toEqual(names);
    const list = JSON.parse((await call(['analyze', ...files])).out);
    expect(list).toEqual(lines.map((line) => JSON.parse(line)));
    const sarif = JSON.parse((await call(['analyze', ...files, '--format', 'sarif'])).out);
    const uris = sarif.runs.map(
      (run: { artifacts: { location: { uri: string } }[] }) => run.artifacts[0]?.location.uri,
    );
    expect(uris).toEqual(names);
    const md = (await call(['analyze', ...files, '--format', 'md'])).out;
    expect([...md.matchAll(/^## .*`(.*)`/gm)].map(([, name]) => name)).toEqual(names);
    const junit = (await call(['analyze', ...files, '--format', 'junit'])).out;
    const suites = [...junit.matchAll(/<testsuite name="(\w\.har): /g)].map(([, name]) => name ?? '');
    expect([...new Set(suites)]).toEqual(names);
    expect((await call(['analyze', ...files, '--format', 'junit'])).out).toBe(junit);
  });

  it('make a list even when only one can be read', async () => {
    const { out, status } = await call(['analyze', files[0] ?? '', join(folder, 'none.har')]);
    expect(status).toBe(2);
    expect(JSON.parse(out)).toHaveLength(1);
  });
});

describe('progress', () => {
  it('shows place, rate and time left on a terminal, and takes its line away', async () => {
    const shown: string[] = [];
    let now = 0;
    await call(['analyze', ...files, '--format', 'ndjson'], {
      isErrorTerminal: true,
      status: (line) => shown.push(line),
      clock: () => {
        now += 150;
        return now;
      },
    });
    expect(shown.some((line) => /^2\/3 b\.har, [\d.]+ MB of [\d.]+ MB, [\d.]+ MB\/s/.test(line))).toBe(true);
    expect(shown.some((line) => line.endsWith(' left'))).toBe(true);
    for (const line of shown) expect(line.length).toBeLessThan(80);
    expect(shown.at(-1)).toBe('');
  });

  it('is silent in a pipe unless asked for', async () => {
    expect((await call(['analyze', ...files])).errors).toBe('');
    expect((await call(['analyze', ...files, '--progress', 'always'])).errors).toMatch(/1\/3 .*a\.har/);
    const shown: string[] = [];
    const status = (line: string) => shown.push(line);
    await call(['analyze', ...files, '--progress', 'never'], { isErrorTerminal: true, status });
    expect(shown).toEqual([]);
  });
});

describe('an interrupt', () => {
  it.skipIf(process.platform === 'win32')('leaves no half file', { timeout: 60_000 }, async () => {
    const place = mkdtempSync(join(folder, 'out-'));
    const script = new URL('interrupted.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, ['--import', 'tsx', script, join(place, 'report.json')], { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
    for (let tries = 0; tries < 2000 && readdirSync(place).length === 0; tries++) await wait(5);
    expect(readdirSync(place)).toEqual([expect.stringMatching(/\.tmp$/)]);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(readdirSync(place)).toEqual([]);
  });
});

describe('--help', () => {
  it('tells every option of every command, with examples', async () => {
    for (const command of commandSpecs) {
      for (const args of [
        [command.name, '--help'],
        ['help', command.name],
        [command.name, '-h'],
      ]) {
        const { out, status } = await call(args);
        expect(status).toBe(0);
        expect(out).toContain(`Usage: mcp-auth-inspector ${command.name}`);
        for (const { name } of command.options) expect(out).toContain(`--${name}`);
        expect(command.examples.length).toBeGreaterThan(0);
        for (const [, example] of command.examples) expect(out).toContain(example);
      }
    }
    const { out } = await call(['--help']);
    for (const { name, summary } of commandSpecs) {
      expect(out).toContain(name);
      expect(out).toContain(summary);
    }
    for (const line of out.split('\n')) expect(line.length).toBeLessThan(120);
  });

  it('shows only examples that are calls', async () => {
    for (const command of commandSpecs) {
      for (const [what, example] of command.examples) {
        const [, name, ...rest] = example
          .replace('source <(', '')
          .replace(/[>|)].*/, '')
          .trim()
          .split(/\s+/);
        const args = rest.map((word) => (word.endsWith('.har') ? (files[0] ?? '') : word));
        const known = join(folder, 'known.json');
        await call(['analyze', files[0] ?? '', '--out', known]);
        const safe = args.map((word) =>
          /\.(html|sarif)$/.test(word) ? join(folder, 'out') : word === 'known.json' ? known : word,
        );
        const whole = [name ?? '', ...safe.map((word) => word.replace('recordings/*.har', files[1] ?? ''))];
        // A browser is started elsewhere: here the call must get as far as looking for one.
        if (name === 'record') {
          const { errors } = await call(whole, { env: { DISPLAY: ':0', CHROME_PATH: join(folder, 'nowhere') } });
          expect(errors, what).toContain('no Chromium or Chrome was found');
          continue;
        }
        const { status, errors } = await call(whole);
        expect([0, 1], `${what}: ${errors}`).toContain(status);
      }
    }
  });
});

describe('completion', () => {
  const complete = async (...words: string[]): Promise<readonly string[]> => {
    const script = join(folder, 'completion.bash');
    writeFileSync(script, (await call(['completion', 'bash'])).out);
    const line = words.map((word) => `'${word}'`).join(' ');
    const source = `source '${script}'; COMP_WORDS=(mcp-auth-inspector ${line}); COMP_CWORD=${words.length}; _mcp_auth_inspector 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['-c', source], { encoding: 'utf8' });
    return stdout.split('\n').filter((word) => word !== '');
  };
  const hasBash = spawnSync('bash', ['--version']).status === 0;

  it.skipIf(!hasBash)('knows commands, options, values and rules in bash', async () => {
    expect(await complete('')).toEqual([...commandSpecs.map(({ name }) => name), '--help', '--version']);
    expect(await complete('analyze', '--f')).toEqual(['--format', '--fail-on']);
    expect(await complete('analyze', '--format', 's')).toEqual(['sarif']);
    expect(await complete('analyze', '--party', '')).toContain('authorization-server');
    expect(await complete('explain', 'sep-2350')).toEqual(
      rules.flatMap(({ id }) => (id.startsWith('sep-2350') ? [id] : [])),
    );
    expect(await complete('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await complete('rules', '--format', 'm')).toEqual(['md']);
  });

  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const isThere = spawnSync(shell, ['-c', 'true']).status === 0;
    it.skipIf(!isThere)(`is a script that ${shell} can read`, async () => {
      const script = join(folder, `completion.${shell}`);
      writeFileSync(script, (await call(['completion', shell])).out);
      const read = spawnSync(shell, ['-n', script], { encoding: 'utf8' });
      expect(read.stderr).toBe('');
      expect(read.status).toBe(0);
    });
  }

  it('refuses another shell', async () => {
    expect(await call(['completion', 'tcsh'])).toMatchObject({ status: 2, out: '' });
    expect(await call(['completion'])).toMatchObject({ status: 2 });
  });
});
