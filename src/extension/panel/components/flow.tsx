import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';
import { FlowLineView, lineId } from './flow-line.tsx';
import { LaneHeads, placeLanes } from './lanes.tsx';
import { useVirtualizer } from './virtual.ts';

/** The exchanges in time order, between the parties; only what is in view is drawn. */
export function Flow() {
  const store = useStore();
  const { flow, lines, selectedLine, shownFile } = store;
  const scroller = useRef<HTMLDivElement>(null);
  const shown = lines.value;
  const virtualizer = useVirtualizer(scroller, shown);

  const selected = selectedLine.value;
  const at = useMemo(() => (selected === null ? -1 : (shown?.indexOf(selected) ?? -1)), [shown, selected]);
  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' });
  }, [selected]);

  // Who reads the end wants to see what comes; who reads elsewhere is left there.
  const atEnd = useRef(false);
  const look = (): void => {
    const pane = scroller.current;
    if (pane !== null) atEnd.current = pane.scrollTop + pane.clientHeight >= pane.scrollHeight - 30;
  };
  useLayoutEffect(() => {
    const pane = scroller.current;
    if (pane !== null && atEnd.current && shownFile.peek() === null) pane.scrollTop = pane.scrollHeight;
    look();
  }, [shown?.length]);

  if (flow.value === null || shown === null) return null;
  const places = placeLanes(flow.value.lanes.all, virtualizer.scrollRect?.width ?? 0);
  return (
    <section class="flow" aria-label={strings.flow.label}>
      <LaneHeads lanes={flow.value.lanes.all} places={places} />
      {shown.length === 0 && <NoMatch />}
      {/* The tree takes the focus and names its active line: lines come and go while scrolling. */}
      <div
        class="lines"
        hidden={shown.length === 0}
        ref={scroller}
        onScroll={look}
        role="tree"
        tabIndex={0}
        aria-label={strings.flow.label}
        aria-activedescendant={selected === null ? undefined : lineId(selected)}
      >
        <div class="lines-all" role="presentation" style={{ height: `${virtualizer.getTotalSize()}px` }}>
          {virtualizer.getVirtualItems().map((item) => {
            const line = shown.at(item.index);
            if (line === null) return null;
            return (
              <FlowLineView
                key={line.key}
                line={line}
                top={item.start}
                selected={line.key === selected}
                lanes={places}
              />
            );
          })}
        </div>
      </div>
    </section>
  );
}

/** The filter hides every row: says so, and is the way back. */
function NoMatch() {
  const { search } = useStore();
  const clear = (): void => {
    search.value = '';
  };
  return (
    <p class="nothing">
      {strings.flow.noMatch}{' '}
      <button type="button" class="link" onClick={clear}>
        {strings.search.clear}
      </button>
    </p>
  );
}
