import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { defaultSplit, leastShare, mostShare } from '../../settings.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** How far an arrow key moves the divider, as a share of the panes. */
const keyStep = 0.02;

/** The line between flow and detail: drag it, move it by arrow keys, or set it back by a double click. */
export function PaneDivider({ panes }: { panes: RefObject<HTMLDivElement | null> }) {
  const { settings, change } = useStore();
  const stacked = useStacked();
  const side = stacked ? 'rows' : 'columns';
  const share = settings.value.split[side];

  const show = (next: number): void => panes.current?.style.setProperty(`--${side}`, `${next * 100}%`);
  const keep = (next: number): void => {
    change({ split: { ...settings.value.split, [side]: Math.min(mostShare, Math.max(leastShare, next)) } });
  };
  const shareAt = (event: PointerEvent): number => {
    const box = panes.current?.getBoundingClientRect();
    if (box === undefined) return share;
    const at = stacked ? (event.clientY - box.top) / box.height : (event.clientX - box.left) / box.width;
    return Math.min(mostShare, Math.max(leastShare, at));
  };
  const grab = (event: PointerEvent): void => {
    const divider = event.currentTarget as HTMLElement;
    divider.setPointerCapture(event.pointerId);
  };
  const isHeld = (event: PointerEvent): boolean =>
    (event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId);
  const keys = (event: KeyboardEvent): void => {
    const [less, more] = stacked ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
    if (event.key === less) keep(share - keyStep);
    else if (event.key === more) keep(share + keyStep);
    else if (event.key === 'Home') keep(leastShare);
    else if (event.key === 'End') keep(mostShare);
    else if (event.key === 'Enter') keep(defaultSplit[side]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line that moves, not a thematic break
    <div
      class="divider-line"
      role="separator"
      tabIndex={0}
      aria-label={strings.flow.divider}
      title={strings.flow.dividerHint}
      aria-orientation={stacked ? 'horizontal' : 'vertical'}
      aria-valuemin={leastShare * 100}
      aria-valuemax={mostShare * 100}
      aria-valuenow={Math.round(share * 100)}
      onPointerDown={grab}
      onPointerMove={(event) => isHeld(event) && show(shareAt(event))}
      onPointerUp={(event) => isHeld(event) && keep(shareAt(event))}
      onPointerCancel={() => show(share)}
      onDblClick={() => keep(defaultSplit[side])}
      onKeyDown={keys}
    />
  );
}

/** Whether the panes stand one above the other: as the style sheet has it. */
function useStacked(): boolean {
  const [stacked, setStacked] = useState(() => narrow().matches);
  useEffect(() => {
    const query = narrow();
    const changed = (): void => setStacked(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return stacked;
}

function narrow(): MediaQueryList {
  return matchMedia('(max-width: 760px)');
}
