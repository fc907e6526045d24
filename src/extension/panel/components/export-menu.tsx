import { useEffect, useRef, useState } from 'preact/hooks';
import { type ExportFormat, exportFormats, exportSession } from '../exports.ts';
import { saveFile } from '../host/save.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** Saves the session shown; secrets become aliases. */
export function ExportMenu() {
  const { analysis, notice } = useStore();
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    menu.current?.querySelector('button')?.focus();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !menu.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  const save = async (format: ExportFormat): Promise<void> => {
    setOpen(false);
    button.current?.focus();
    const current = analysis.value;
    if (current === null) return;
    try {
      const file = await exportSession(current, format);
      saveFile(file.name, file.type, file.text);
    } catch (error) {
      notice.value = { title: strings.failed.export, text: error instanceof Error ? error.message : String(error) };
    }
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      setOpen(false);
      button.current?.focus();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const items = [...(menu.current?.querySelectorAll('button') ?? [])];
      const at = items.findIndex((item) => item.matches(':focus'));
      items[(at + (event.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length]?.focus();
      event.preventDefault();
    } else return;
    event.stopPropagation();
  };
  return (
    <div class="menu-holder">
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        title={strings.toolbar.exportHint}
        disabled={analysis.value === null || analysis.value.exchanges.length === 0}
        onClick={() => setOpen(!open)}
      >
        {strings.toolbar.export} ▾
      </button>
      {open && (
        <div ref={menu} class="menu" role="menu" tabIndex={-1} aria-label={strings.toolbar.export} onKeyDown={keys}>
          {exportFormats.map((format) => (
            <button key={format} type="button" role="menuitem" onClick={() => save(format)}>
              {strings.toolbar.formats[format]}
            </button>
          ))}
          <p role="presentation">{strings.toolbar.redacted}</p>
        </div>
      )}
    </div>
  );
}
