import { computed, signal } from '@preact/signals';
import { blindSpots, type Sight, sightOfFile } from '../../../capture/blind-spots.ts';
import type { Host } from '../host/host.ts';
import type { Sessions } from './sessions.ts';

/** What the session shown could not show; worked out when somebody looks. */
export function createBlindSpots(host: Host, { analysis, shownFile, recording, bodiless }: Sessions) {
  const capture = signal<Sight>(host.blindSpots.current);
  host.blindSpots.onChange((next) => {
    capture.value = next;
  });
  const sight = computed<Sight>(() =>
    shownFile.value === null && host.live !== null
      ? { ...capture.value, recording: recording.value, bodiless: bodiless.value }
      : sightOfFile,
  );
  const spots = computed(() => (analysis.value === null ? [] : blindSpots(analysis.value, sight.value)));
  return { sight, spots };
}
