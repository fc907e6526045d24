import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from '../../src/cli/commands.ts';
import { longSession } from '../bench/session.ts';
import { har, signIn } from '../report/hars.ts';
import { stepUp, values } from './fixtures.ts';
import { call } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'analyses-'));
const command = join(folder, 'command/main.js');
const files = Array.from({ length: 14 }, (_, index) => join(folder, `${index}.har`));
let started = 0;
/** Threads of the built command, more than there may be processors. */
const threads = {
  count: 3,
  start: (): Worker => {
    started += 1;
    return new Worker(command);
  },
};

beforeAll(async () => {
  await build({
    configFile: resolve('vite.config.ts'),
    mode: 'cli',
    logLevel: 'error',
    build: { outDir: resolve(folder, 'command'), emptyOutDir: true },
  });
  for (const [index, file] of files.entries()) {
    // The first takes longest, so that the others would overtake it.
    if (index === 0) writeFileSync(file, JSON.stringify({ log: { entries: longSession(3000) } }));
    else writeFileSync(file, JSON.stringify(har(index % 2 === 0 ? signIn(values) : stepUp('files:other'))));
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('several threads', () => {
  it.each(formats.filter((format) => format !== 'har' && format !== 'html'))(
    'write the same %s as one does, in the same order',
    async (format) => {
      started = 0;
      const args = ['analyze', ...files, '--format', format];
      const [alone, together] = [await call(args), await call(args, { threads })];
      expect(started).toBe(3);
      expect(together).toEqual(alone);
    },
  );

  it('say of each unusable input why, and analyse the others; standard input has its place', async () => {
    const broken = join(folder, 'broken.har');
    writeFileSync(broken, '{"log": 7}');
    const args = ['analyze', ...files, broken, '-', join(folder, 'missing.har'), '--format', 'ndjson'];
    const input = JSON.stringify(har(stepUp('files:other')));
    const [alone, together] = [await call(args, { input }), await call(args, { input, threads })];
    expect(together).toEqual(alone);
    expect(together.status).toBe(2);
    expect(together.errors).toContain('broken.har: log: not an object');
    expect(together.errors).toContain('missing.har: no such file');
    const names = together.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).source.name);
    expect(names).toEqual([...files.map((_, index) => `${index}.har`), '-']);
  });

  it('that die cost their own input only', async () => {
    let first = true;
    const start = (): Worker => {
      const dies = first;
      first = false;
      return dies ? new Worker('process.exit(3)', { eval: true }) : new Worker(command);
    };
    const { status, out, errors } = await call(['analyze', ...files, '--format', 'ndjson'], {
      threads: { count: 2, start },
    });
    expect(status).toBe(2);
    expect(errors).toContain('its thread ended early');
    expect(out.trim().split('\n')).toHaveLength(files.length - 1);
  });

  it('are not started for a few small inputs', async () => {
    started = 0;
    await call(['analyze', ...files.slice(1, 4)], { threads });
    expect(started).toBe(0);
  });
});
