import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';

export interface Called {
  readonly status: number;
  readonly out: string;
  readonly errors: string;
}

/** Runs one call with a terminal or a pipe around it, and keeps what it wrote. */
export async function call(
  args: readonly string[],
  more: Partial<Io> & { readonly input?: string | Uint8Array } = {},
): Promise<Called> {
  let out = '';
  let errors = '';
  const { input = '', ...io } = more;
  const status = await run(args, {
    out: async (text) => {
      out += text;
    },
    error: (line) => {
      errors += `${line}\n`;
    },
    status: () => {},
    async *readInput() {
      yield typeof input === 'string' ? new TextEncoder().encode(input) : input;
    },
    today: '2026-06-15',
    clock: () => 0,
    confirm: async () => null,
    isTerminal: false,
    isErrorTerminal: false,
    width: 80,
    threads: null,
    env: {},
    ...io,
  });
  return { status, out, errors };
}
