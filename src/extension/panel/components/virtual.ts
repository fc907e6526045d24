import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useReducer, useState } from 'preact/hooks';
import { type Lines, lineHeights } from '../view/lines.ts';

/** Draws only the lines in view of `scroller`; heights are known beforehand. */
export function useVirtualizer(
  scroller: RefObject<HTMLDivElement | null>,
  lines: Lines | null,
): Virtualizer<HTMLDivElement, HTMLElement> {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  // New functions only with new lines: the virtualizer measures anew when they change.
  const options = useMemo<VirtualizerOptions<HTMLDivElement, HTMLElement>>(
    () => ({
      count: lines?.length ?? 0,
      getScrollElement: () => scroller.current,
      estimateSize: (at) => (lines === null ? 0 : lineHeights[lines.kindAt(at)]),
      // Heights never change by being drawn, so that nothing need be remembered of a line: its place will do.
      getItemKey: (at) => at,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => redraw(undefined),
      overscan: 8,
    }),
    [lines],
  );
  const [virtualizer] = useState(() => new Virtualizer(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}
