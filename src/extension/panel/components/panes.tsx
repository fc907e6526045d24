import { useRef } from 'preact/hooks';
import { useStore } from './context.ts';
import { Detail } from './detail.tsx';
import { Flow } from './flow.tsx';
import { PaneDivider } from './pane-divider.tsx';

/** Flow and detail, side by side or one above the other, parted as the user likes. */
export function Panes() {
  const { settings } = useStore();
  const self = useRef<HTMLDivElement>(null);
  const { columns, rows } = settings.value.split;
  return (
    <div ref={self} class="panes" style={{ '--columns': `${columns * 100}%`, '--rows': `${rows * 100}%` }}>
      <Flow />
      <PaneDivider panes={self} />
      <Detail />
    </div>
  );
}
