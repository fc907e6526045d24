import { useStore } from './context.ts';
import { useNow } from './use-now.ts';

/** The time by which a token lives or has expired, milliseconds since the epoch. */
interface SessionTime {
  readonly now: number;
  /** The session is a recording: its time stands still where it ends. */
  readonly recorded: boolean;
}

/** Now, drawn anew every `every` milliseconds; of a recording, when it ended. */
export function useSessionTime(every: number): SessionTime {
  const { analysis, shownFile } = useStore();
  const now = useNow(every);
  const end = shownFile.value === null ? Number.NaN : Date.parse(analysis.value?.result.source.lastFinished ?? '');
  return Number.isNaN(end) ? { now, recorded: false } : { now: end, recorded: true };
}
