import type { MessagePort, Worker } from 'node:worker_threads';
import { type AnalysisDone, type AnalysisTask, carryOut } from './analysis-task.ts';
import { type Io, UsageError } from './io.ts';

/** What a thread answers; `failed` in the words for the user. */
type Answer =
  | { readonly kind: 'bytes'; readonly bytes: number }
  | { readonly kind: 'done'; readonly done: AnalysisDone }
  | { readonly kind: 'failed'; readonly message: string };

/** Bytes that are read before the other thread is told. */
const TOLD = 1 << 20;

/** The side of the thread: carries out one task after the other, as they come. */
export function serveTasks(port: MessagePort): void {
  const say = (answer: Answer): void => port.postMessage(answer);
  // A thread has no standard input of its own: such a task is never sent.
  const io: Pick<Io, 'readInput'> = {
    readInput: () => {
      throw new UsageError('standard input cannot be read here');
    },
  };
  port.on('message', async (task: AnalysisTask) => {
    let bytes = 0;
    const tell = (): void => {
      if (bytes > 0) say({ kind: 'bytes', bytes });
      bytes = 0;
    };
    try {
      const done = await carryOut(task, io, (read) => {
        bytes += read;
        if (bytes >= TOLD) tell();
      });
      tell();
      say({ kind: 'done', done });
    } catch (error) {
      say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  });
}

/** The side of the one who has the tasks; one at a time. */
export class Thread {
  readonly #start: () => Worker;
  #worker: Worker | null = null;

  constructor(start: () => Worker) {
    this.#start = start;
  }

  /** Has a task carried out; rejects with a UsageError for what is wrong with the input, whatever it did to the thread. */
  carryOut(task: AnalysisTask, onBytes: (bytes: number) => void): Promise<AnalysisDone> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        worker.off('message', receive);
        worker.off('error', fail);
        worker.off('exit', end);
      };
      const receive = (answer: Answer): void => {
        if (answer.kind === 'bytes') {
          onBytes(answer.bytes);
          return;
        }
        settle();
        if (answer.kind === 'done') resolve(answer.done);
        else reject(new UsageError(answer.message));
      };
      const lose = (why: string): void => {
        settle();
        this.#worker = null;
        reject(new UsageError(`${task.file}: ${why}`));
      };
      const fail = (error: Error): void => lose(error.message);
      const end = (): void => lose('its thread ended early');
      worker.on('message', receive);
      worker.on('error', fail);
      worker.on('exit', end);
      worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }
}
