import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useReducer, useState } from 'preact/hooks';

/** Draws only the lines in view of `scroller`; heights are known beforehand. */
export function useVirtualizer<Line extends { readonly key: string }>(
  scroller: RefObject<HTMLDivElement | null>,
  lines: readonly Line[],
  height: (line: Line) => number,
): Virtualizer<HTMLDivElement, HTMLElement> {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  // New functions only with new lines: the virtualizer measures anew when they change.
  const options = useMemo<VirtualizerOptions<HTMLDivElement, HTMLElement>>(
    () => ({
      count: lines.length,
      getScrollElement: () => scroller.current,
      estimateSize: (at) => {
        const line = lines[at];
        return line === undefined ? 0 : height(line);
      },
      getItemKey: (at) => lines[at]?.key ?? at,
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
