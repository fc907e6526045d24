import { type AnalysisDone, type AnalysisTask, carryOut } from './analysis-task.ts';
import type { Io } from './io.ts';
import type { Progress } from './progress.ts';
import { Thread } from './thread.ts';

/** A task with what came of it: an Error in the user's words when the input is unusable. */
export interface Analysed {
  readonly index: number;
  readonly task: AnalysisTask;
  readonly outcome: AnalysisDone | Error;
}

/** Starting a thread costs as much as analysing so many bytes or so many small files. */
const WORTH_BYTES = 8e6;
const WORTH_FILES = 8;
/** For each thread so many inputs may be finished while one before them is not: what they came to is held meanwhile. */
const AHEAD = 8;

/**
 * Analyses inputs, several at once where that is worth it, and yields them in their order, each as soon as those
 * before it are there. `bytes`: the size of all inputs together.
 */
export async function* analyses(
  tasks: readonly AnalysisTask[],
  bytes: number,
  io: Io,
  progress: Progress,
): AsyncGenerator<Analysed> {
  const { threads } = io;
  const isWorth = tasks.length > 1 && (bytes > WORTH_BYTES || tasks.length >= WORTH_FILES);
  const count = threads === null || !isWorth ? 0 : Math.min(threads.count, tasks.length);
  if (threads === null || count < 2) {
    for (const [index, task] of tasks.entries()) {
      progress.start(task.file);
      yield { index, task, outcome: await outcomeOf(carryOut(task, io, (read) => progress.add(read))) };
    }
    return;
  }
  const pool = Array.from({ length: count }, () => new Thread(threads.start));
  try {
    yield* inOrder(tasks, pool, io, progress);
  } finally {
    await Promise.all(pool.map((thread) => thread.end()));
  }
}

async function* inOrder(
  tasks: readonly AnalysisTask[],
  pool: readonly Thread[],
  io: Io,
  progress: Progress,
): AsyncGenerator<Analysed> {
  const idle = [...pool];
  const running = new Map<number, Promise<AnalysisDone | Error>>();
  const ended = new Map<number, AnalysisDone | Error>();
  let next = 0;
  for (let index = 0; index < tasks.length; index += 1) {
    while (!ended.has(index)) {
      while (next < tasks.length && next <= index + AHEAD * pool.length) {
        const [at, task] = [next, tasks[next]];
        const thread = task === undefined || task.file === '-' ? null : idle.pop();
        if (task === undefined || thread === undefined) break;
        next += 1;
        progress.start(task.file);
        const onBytes = (read: number): void => progress.add(read);
        // Standard input is this thread's own.
        const work = thread === null ? carryOut(task, io, onBytes) : thread.carryOut(task, onBytes);
        const settled = outcomeOf(work).then((outcome) => {
          ended.set(at, outcome);
          running.delete(at);
          if (thread !== null) idle.push(thread);
          return outcome;
        });
        running.set(at, settled);
      }
      await Promise.race(running.values());
    }
    const [task, outcome] = [tasks[index], ended.get(index)];
    ended.delete(index);
    if (task !== undefined && outcome !== undefined) yield { index, task, outcome };
  }
}

function outcomeOf(work: Promise<AnalysisDone>): Promise<AnalysisDone | Error> {
  return work.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}
