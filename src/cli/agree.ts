import { type Io, UsageError } from './io.ts';

/** Asks before live credentials are written; throws UsageError when the answer is no, or nobody can give one. */
export async function agree(io: Io): Promise<void> {
  const answer = await io.confirm('The output will hold live credentials: tokens, codes, passwords. Go on? [y/N] ');
  if (answer === null) throw new UsageError('--redact none writes live credentials: add --yes to say you mean it');
  if (!answer) throw new UsageError('stopped: nothing was written');
}
