import type { Worker } from 'node:worker_threads';

/** What a command line needs from its surroundings; tests bring their own. */
export interface Io {
  /** Writes to standard output; a reader that went away is not an error. */
  out(text: string): Promise<void>;
  /** Writes a line to standard error. */
  error(line: string): void;
  /** Shows a line on the terminal of standard error in place of the one shown before; an empty one takes it away. */
  status(line: string): void;
  /** Standard input, piece by piece. */
  readInput(): AsyncIterable<Uint8Array>;
  /** Asks a question on the terminal; null when nobody can answer. */
  confirm(question: string): Promise<boolean | null>;
  readonly isTerminal: boolean;
  readonly isErrorTerminal: boolean;
  /** Columns of the terminal; 80 when unknown. */
  readonly width: number;
  /** The day, UTC, `YYYY-MM-DD`: expectations expire by it. */
  readonly today: string;
  /** Milliseconds since some moment. */
  clock(): number;
  /** Other threads of this program, and how many are of use; null where there are none. */
  readonly threads: { readonly count: number; start(): Worker } | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Nothing at or above the threshold; something; the call or an input is unusable. */
export type ExitStatus = 0 | 1 | 2;

/** The call cannot be carried out: the message goes to standard error, the status is 2. */
export class UsageError extends Error {}
