import { signal } from '@preact/signals';
import type { ScriptReport } from '../../../capture/script-report.ts';
import type { Analysis } from '../../../report/analysis.ts';
import { unknownState, type WatchState } from '../../watch-state.ts';
import type { Host } from '../host/host.ts';
import type { LazyEngine } from '../lazy-engine.ts';

/** How long new traffic waits for more before it is judged, in milliseconds; as long as judging takes where that is longer. */
const settle = 60;

/** Reports of the observer that are kept, the latest. */
const mostReports = 20_000;

export type Live = ReturnType<typeof createLive>;

/** Live traffic and its analysis; `begun` is called when another recording takes the place of the last. */
export function createLive(host: Host, engine: LazyEngine, begun: () => void) {
  const live = signal<Analysis | null>(null);
  const recording = signal(host.live !== null);
  /** When the recording began, milliseconds since the epoch. */
  const since = signal<number | null>(null);
  /** Exchanges whose bodies the recorder could not keep. */
  const bodiless = signal(0);
  /** Exchanges that a full buffer dropped. */
  const dropped = signal(0);
  /** The extension was updated or reloaded under DevTools: nothing is recorded any more. */
  const stale = signal(false);
  /** How far the background sees. */
  const watchState = signal<WatchState>(unknownState);

  /** What the observer in the page reported. */
  const reports = signal<readonly ScriptReport[]>([]);

  const session = engine.live('live', () => refresh());
  let current: string | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let cost = 0;
  const refresh = (): void => {
    timer = null;
    const began = performance.now();
    live.value = session.analysis();
    cost = performance.now() - began;
  };
  const soon = (): void => {
    if (timer === null) timer = setTimeout(refresh, Math.max(settle, cost));
  };
  host.live?.listen({
    begin(id, on, from, without, lost) {
      if (id !== current) {
        current = id;
        session.clear();
        reports.value = [];
        begun();
        refresh();
      }
      recording.value = on && !lost.stale;
      since.value = from;
      bodiless.value = without;
      dropped.value = lost.dropped;
      stale.value = lost.stale;
      watchState.value = lost.state;
    },
    entries(entries) {
      for (const entry of entries) session.add(entry);
      soon();
    },
    replace(index, entry) {
      session.replace(index, entry);
      soon();
    },
    observed(fresh) {
      reports.value = [...reports.value, ...fresh].slice(-mostReports);
    },
  });

  const record = (on: boolean) => host.live?.record(on);
  return { live, reports, recording, since, bodiless, dropped, stale, watchState, record };
}
