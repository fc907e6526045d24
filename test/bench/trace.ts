/** The longest tasks of a page's main thread, milliseconds. */
export interface Tasks {
  /** By the clock on the wall, which goes on while other programs have the processor. */
  readonly longest: number;
  /** Of the processor's time, without what major garbage collections took of it. */
  readonly withoutGc: number;
  /** The longest major garbage collection. */
  readonly gc: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Of the processor's time, microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Major collections as V8 names them; a scavenge is the program's own. */
const collections: ReadonlySet<string> = new Set([
  'MajorGC',
  'V8.GC_MARK_COMPACTOR',
  'V8.GCFinalizeMC',
  'V8.GCIncrementalMarking',
]);

/** Reads a trace of the Chrome trace event format: the tasks of the renderer's main thread that did most. */
export function longestTasks(json: string): Tasks {
  const { traceEvents } = JSON.parse(json) as { readonly traceEvents: readonly TraceEvent[] };
  const main = busiestMainThread(traceEvents);
  const mine = traceEvents.filter((event) => event.ph === 'X' && `${event.pid} ${event.tid}` === main);
  const pauses = mine.filter(({ name }) => collections.has(name)).sort((one, other) => one.ts - other.ts);
  let longest = 0;
  let withoutGc = 0;
  for (const task of mine) {
    if (!task.name.endsWith('RunTask')) continue;
    const duration = task.dur ?? 0;
    longest = Math.max(longest, duration);
    const worked = task.tdur ?? duration;
    if (worked > withoutGc) withoutGc = Math.max(withoutGc, worked - paused(task, pauses));
  }
  const gc = Math.max(0, ...pauses.map(({ dur }) => dur ?? 0));
  return { longest: longest / 1000, withoutGc: withoutGc / 1000, gc: gc / 1000 };
}

/** The page is the renderer that worked longest: its browser has others. */
function busiestMainThread(events: readonly TraceEvent[]): string {
  const work = new Map<string, number>();
  for (const { name, ph, pid, tid, args } of events) {
    if (ph === 'M' && name === 'thread_name' && args?.name === 'CrRendererMain') work.set(`${pid} ${tid}`, 0);
  }
  for (const { name, ph, pid, tid, dur } of events) {
    const known = work.get(`${pid} ${tid}`);
    if (ph === 'X' && name.endsWith('RunTask') && known !== undefined) work.set(`${pid} ${tid}`, known + (dur ?? 0));
  }
  return [...work].sort(([, one], [, other]) => other - one)[0]?.[0] ?? '';
}

/** Microseconds of the processor's time in which garbage was collected within a task; collections nest. */
function paused(task: TraceEvent, pauses: readonly TraceEvent[]): number {
  const end = task.ts + (task.dur ?? 0);
  let sum = 0;
  let until = task.ts;
  for (const { ts, dur, tdur } of pauses) {
    if (ts >= end) break;
    if (ts < until) continue;
    sum += tdur ?? dur ?? 0;
    until = ts + (dur ?? 0);
  }
  return sum;
}
