import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { Io } from './io.ts';
import { run } from './run.ts';
import { serveTasks } from './thread.ts';

/** Each thread holds the whole program: about 60 MB. */
const MOST_THREADS = 8;

const io: Io = {
  out: (text) =>
    new Promise((resolve) => {
      process.stdout.write(text, () => resolve());
    }),
  error: (line) => {
    process.stderr.write(`${line}\n`);
  },
  status: (line) => {
    // Back to the line's beginning, erase it, write (ECMA-48 CR, EL).
    process.stderr.write(`\r\u001b[K${line}`);
  },
  readInput: () => process.stdin,
  async confirm(question) {
    if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return null;
    const { createInterface } = await import('node:readline/promises');
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await prompt.question(question);
    prompt.close();
    return /^y(es)?$/i.test(answer.trim());
  },
  isTerminal: process.stdout.isTTY === true,
  isErrorTerminal: process.stderr.isTTY === true,
  width: process.stdout.columns ?? 80,
  today: new Date().toISOString().slice(0, 10),
  clock: () => performance.now(),
  threads: { count: Math.min(availableParallelism(), MOST_THREADS), start: () => new Worker(new URL(import.meta.url)) },
  env: process.env,
};

// A pipe that closes early (`| head`) has all it wanted.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = 2;
  });
}

async function main(): Promise<void> {
  process.exitCode = await run(process.argv.slice(2), io);
}

// The command is built as CommonJS, where a module cannot wait.
if (isMainThread) void main();
else if (parentPort !== null) serveTasks(parentPort);
