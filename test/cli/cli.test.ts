import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../src/rules/registry.ts';
import { har, signIn } from '../report/hars.ts';
import { stepUp, values } from './fixtures.ts';
import { call } from './terminal.ts';

let folder = '';
let good = '';
let bad = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-auth-inspector-'));
  good = join(folder, 'good.har');
  bad = join(folder, 'bad.har');
  writeFileSync(good, `\ufeff${JSON.stringify(har(signIn(values)))}`);
  writeFileSync(bad, JSON.stringify(har(stepUp('files:other'))));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('analyze', () => {
  it('writes JSON into a pipe and text on a terminal', async () => {
    const piped = await call(['analyze', good]);
    expect(JSON.parse(piped.out)).toMatchObject({
      schema: 'mcp-auth-inspector/result/1',
      source: { name: 'good.har' },
    });
    const shown = await call(['analyze', good], { isTerminal: true });
    expect(shown.out).toContain('Refresh token asked for');
    expect(shown.out).toContain('\u001b[');
    expect((await call(['analyze', good, '--no-color'], { isTerminal: true })).out).not.toContain('\u001b[');
    expect((await call(['analyze', good], { isTerminal: true, env: { NO_COLOR: '1' } })).out).not.toContain('\u001b[');
  });

  it('exits by level and by party', async () => {
    const statuses = async (...args: string[]) => (await call(['analyze', bad, ...args])).status;
    const { outcomes } = JSON.parse((await call(['analyze', bad])).out);
    const worst = outcomes.find(
      (one: { kind: string; party: string }) => one.kind === 'fail' && one.party === 'client',
    );
    expect(worst).toMatchObject({ rule: 'challenge-scope-authoritative', level: 'error' });
    expect(await statuses()).toBe(1);
    expect(await statuses('--fail-on', 'error')).toBe(1);
    expect(await statuses('--fail-on', 'never')).toBe(0);
    expect(await statuses('--rule', 'challenge-scope-authoritative=off', '--fail-on', 'error')).toBe(0);
    expect(await statuses('--party', 'authorization-server', '--fail-on', 'error')).toBe(0);
  });

  it('reads levels from a configuration, which the call overrides', async () => {
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ failOn: 'error', rules: { 'challenge-scope-authoritative': 'note' } }));
    expect((await call(['analyze', bad, '--config', config])).status).toBe(0);
    expect(
      (await call(['analyze', bad, '--config', config, '--rule', 'challenge-scope-authoritative=error'])).status,
    ).toBe(1);
    writeFileSync(config, JSON.stringify({ failon: 'error' }));
    const wrong = await call(['analyze', bad, '--config', config]);
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.errors).toContain('failon: not understood');
  });

  it('reads standard input as "-"', async () => {
    const read = await call(['analyze', '-'], { input: JSON.stringify(har(signIn(values))) });
    expect(JSON.parse(read.out).source.name).toBe('-');
  });

  it('makes several inputs a list, and a folder of files', async () => {
    expect(JSON.parse((await call(['analyze', good, bad])).out)).toHaveLength(2);
    const out = join(folder, 'reports');
    expect((await call(['analyze', good, bad, good, '--format', 'html', '--out', out])).status).toBe(1);
    expect(readdirSync(out).sort()).toEqual(['bad.html', 'good-2.html', 'good.html']);
    const refused = await call(['analyze', good, bad, '--format', 'har']);
    expect(refused).toMatchObject({ status: 2, out: '' });
  });

  it('names what it cannot read and still analyses the rest', async () => {
    const broken = join(folder, 'broken.har');
    writeFileSync(broken, '{"log":');
    const none = join(folder, 'none.har');
    const noHar = join(folder, 'no-har.har');
    writeFileSync(noHar, '{"a":1}');
    const odd = join(folder, 'odd.har');
    writeFileSync(odd, JSON.stringify({ log: { entries: [{ request: 7 }] } }));
    const called = await call(['analyze', broken, none, noHar, good, odd]);
    expect(called.status).toBe(2);
    expect(called.errors).toContain(`${broken}: not JSON`);
    expect(called.errors).toContain(`${none}: no such file`);
    expect(called.errors).toContain(`${noHar}: log: not an object`);
    expect(called.errors).toContain(`${odd}: entry 0: request: not an object`);
    expect(JSON.parse(called.out)).toHaveLength(2);
    expect((await call(['analyze', odd, '--quiet'])).errors).toBe('');
  });

  it('writes a file whole and leaves nothing else', async () => {
    const out = join(folder, 'one.json');
    expect(await call(['analyze', good, '--out', out])).toMatchObject({ status: 0, out: '' });
    expect(JSON.parse(readFileSync(out, 'utf8')).source.entries).toBe(10);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const nowhere = await call(['analyze', good, '--out', join(folder, 'missing', 'one.json')]);
    expect(nowhere).toMatchObject({ status: 2 });
    expect(nowhere.errors).toContain('cannot write');
  });

  it('redacts unless someone says they mean it', async () => {
    for (const format of ['text', 'json', 'ndjson', 'har', 'html', 'md', 'sarif', 'junit']) {
      const { out } = await call(['analyze', good, '--format', format]);
      for (const secret of [values.access, values.refresh, values.code, values.password, values.user])
        expect(out).not.toContain(secret);
    }
    const asked = await call(['analyze', good, '--format', 'har', '--redact', 'none']);
    expect(asked).toMatchObject({ status: 2, out: '' });
    expect(asked.errors).toContain('--yes');
    const no = await call(['analyze', good, '--format', 'har', '--redact', 'none'], { confirm: async () => false });
    expect(no).toMatchObject({ status: 2, out: '' });
    expect((await call(['analyze', good, '--format', 'har', '--redact', 'none', '--yes'])).out).toContain(
      values.access,
    );
  });

  it('refuses what it does not understand', async () => {
    const refused = [
      ['analyze'],
      ['analyze', good, '--format', 'pdf'],
      ['analyze', good, '--baseline', join(folder, 'none.json')],
      ['analyze', good, '--baseline', good],
      ['analyze', good, '--spec', '2024-11-05x'],
      ['analyze', good, '--rule', 'no-such-rule=off'],
      ['analyze', good, '--rule', 'challenge-scope-authoritative=fatal'],
      ['analyze', good, '--unknown'],
      ['analyze', '-', '-'],
      ['dance'],
      ['record', '--', 'https://x.example'],
      [],
    ];
    for (const args of refused) {
      const called = await call(args);
      expect(called.status, args.join(' ')).toBe(2);
      expect(called.errors, args.join(' ')).not.toBe('');
      expect(called.out).toBe('');
    }
  });

  it('lets no input steer the terminal', async () => {
    const evil = join(folder, 'evil.har');
    writeFileSync(evil, JSON.stringify(har(signIn({ ...values, scope: 'a\u001b[2Jb\u202e' }))));
    const { out } = await call(['analyze', evil, '--format', 'text']);
    expect(out).not.toMatch(/\u202e/);
    expect(out).not.toContain('\u001b');
  });
});

describe('rules and explain', () => {
  it('list every rule in three forms', async () => {
    const list = JSON.parse((await call(['rules'])).out);
    expect(list).toHaveLength(rules.length);
    expect(list[0]).toMatchObject({ id: rules[0]?.id, party: rules[0]?.party, level: rules[0]?.level });
    for (const rule of rules) {
      expect((await call(['rules', '--format', 'md'])).out).toContain(`\`${rule.id}\``);
      expect((await call(['rules', '--format', 'text'])).out).toContain(rule.id);
    }
  });

  it('show a rule’s page, and what is near a mistyped id', async () => {
    const page = await call(['explain', 'sep-2350-scope-union-on-reauth']);
    expect(page.status).toBe(0);
    expect(page.out.length).toBeGreaterThan(200);
    const wrong = await call(['explain', 'scope-union']);
    expect(wrong.status).toBe(2);
    expect(wrong.errors).toContain('sep-2350-scope-union-on-reauth');
  });
});

describe('redact, --help and --version', () => {
  it('write a HAR that can be shared', async () => {
    const shared = await call(['redact', good]);
    expect(shared.status).toBe(0);
    expect(JSON.parse(shared.out).log.entries).toHaveLength(10);
    expect(shared.out).not.toContain(values.access);
    const again = join(folder, 'shared.har');
    writeFileSync(again, shared.out);
    expect((await call(['redact', again])).out).toBe(shared.out);
  });

  it('say what there is', async () => {
    expect((await call(['--help'])).out).toContain('--fail-on');
    expect((await call(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
