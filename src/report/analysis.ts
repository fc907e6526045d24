import type { Exchange } from '../exchange/exchange.ts';
import type { Story } from '../story/model.ts';
import type { SessionNotes } from './notes.ts';
import type { Result } from './result.ts';
import type { Suppressed } from './suppressions.ts';
import type { SessionView } from './view.ts';

/** Everything one analysis yields: the plain result, and what it was drawn from (live secrets inside). */
export interface Analysis {
  readonly result: Result;
  readonly story: Story;
  /** By entry; `exchanges[i].entry === i`. */
  readonly exchanges: readonly Exchange[];
  /** The input's `log` object as parsed, untouched. */
  readonly log: unknown;
  /** What a person wrote on it, live secrets inside. */
  readonly notes: SessionNotes;
  /** How the person looked at it; absent or null when nothing was said. */
  readonly view?: SessionView | null;
  /** What a person chose to leave out of `result`; absent when nothing. */
  readonly suppressed?: Suppressed;
}
