import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { strings } from '../strings.ts';

export interface MenuItem {
  readonly label: string;
  /** What was done, to be said for a moment where the button stands; null when there is nothing to say. */
  readonly act: () => string | null | Promise<string | null>;
}

interface Props {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** A word about the items, below them. */
  readonly hint?: string;
}

/** A button with a few ways to do one thing: arrows move, Enter chooses, Esc closes and gives the focus back. */
export function MenuButton({ label, items, hint }: Props) {
  const [open, setOpen] = useState(false);
  const [said, say] = useState<string | null>(null);
  const holder = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => say(null), 1_500);
    return () => clearTimeout(timer);
  }, [said]);
  useLayoutEffect(() => {
    const menu = holder.current?.querySelector<HTMLElement>('.menu');
    if (!open || !menu || button.current === null) return;
    placeMenu(menu, button.current);
    menu.querySelector<HTMLElement>('[role=menuitem]')?.focus({ preventScroll: true });
    const away = (event: Event): void => {
      if (event.target instanceof Node && !holder.current?.contains(event.target)) setOpen(false);
    };
    // What it stands beside has moved away under it.
    const moved = (): void => setOpen(false);
    document.addEventListener('pointerdown', away);
    document.addEventListener('scroll', away, { capture: true, passive: true });
    window.addEventListener('resize', moved);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('scroll', away, { capture: true });
      window.removeEventListener('resize', moved);
    };
  }, [open]);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const choose = async (item: MenuItem): Promise<void> => {
    close();
    say(await item.act());
  };
  const keys = (event: KeyboardEvent): void => {
    if (!open) return;
    if (event.key === 'Tab') {
      setOpen(false);
      return;
    }
    if (event.key === 'Escape') close();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const all = [...(holder.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
      const at = all.findIndex((item) => item.matches(':focus'));
      all[(at + (event.key === 'ArrowDown' ? 1 : all.length - 1)) % all.length]?.focus();
      event.preventDefault();
    } else return;
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the menu in it
    <span ref={holder} class="menu-holder" onKeyDown={keys}>
      <button
        ref={button}
        type="button"
        class="menu-button"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span aria-live="polite">{said ?? label}</span>
        <span class="fold open" aria-hidden="true" />
      </button>
      {open && (
        <span class="menu" popover="manual">
          <span role="menu" aria-label={label}>
            {items.map((item) => (
              <button key={item.label} type="button" role="menuitem" tabIndex={-1} onClick={() => choose(item)}>
                {item.label}
              </button>
            ))}
          </span>
          {hint !== undefined && <span class="menu-hint">{hint}</span>}
        </span>
      )}
    </span>
  );
}

/** Shows a menu over everything, below its button; above it where there is no room below. */
function placeMenu(menu: HTMLElement, button: HTMLElement): void {
  menu.showPopover();
  const at = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.max(margin, Math.min(at.left, innerWidth - width - margin));
  const below = at.bottom + margin;
  const top = below + height <= innerHeight - margin ? below : Math.max(margin, at.top - height - margin);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

/** Pixels between a menu, its button and the edges. */
const margin = 2;

/** What to say of a copy that was made, or was not allowed. */
export function saidOf(copied: boolean): string {
  return copied ? strings.copy.done : strings.copy.failed;
}
