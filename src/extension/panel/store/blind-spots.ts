import { computed, signal } from '@preact/signals';
import { blindSpots, type Sight, sightOfFile } from '../../../capture/blind-spots.ts';
import type { Host } from '../host/host.ts';
import type { Observing } from './observing.ts';
import type { Sessions } from './sessions.ts';
import type { Watching } from './watching.ts';

/** What the session shown could not show; worked out when somebody looks. */
export function createBlindSpots(
  host: Host,
  { analysis, shownFile, recording, bodiless, dropped, watchState }: Sessions,
  { sites, observed }: Observing,
  { watched, refusedByPolicy }: Watching,
) {
  const capture = signal<Sight>(host.blindSpots.current);
  host.blindSpots.onChange((next) => {
    capture.value = next;
  });
  /** Every page of this session that spoke to an MCP server is looked at closely. */
  const lookingCloser = computed(() => {
    const pages = sites.value?.observable ?? [];
    return pages.length > 0 && pages.every((origin) => observed.value.includes(origin));
  });
  const sight = computed<Sight>(() =>
    shownFile.value === null && host.live !== null
      ? {
          ...capture.value,
          watching: watched.value !== null,
          lookingCloser: lookingCloser.value,
          recording: recording.value,
          bodiless: bodiless.value,
          dropped: dropped.value,
          privateWindow: watchState.value.privateWindow === true,
          refused: refusedByPolicy.value,
          offered: watchState.value.offered,
        }
      : sightOfFile,
  );
  const spots = computed(() => (analysis.value === null ? [] : blindSpots(analysis.value, sight.value)));
  return { sight, spots };
}
