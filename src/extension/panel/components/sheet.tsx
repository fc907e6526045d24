import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { visible } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

interface Props {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly close: () => void;
  /** What stands in place of the button that closes; null where the content has its own. */
  readonly actions?: null;
}

/** A sheet above the panel; Esc closes it and the focus returns. */
export function Sheet({ title, children, close, actions }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before !== document.body) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title" onClose={close}>
      <h2 id="sheet-title">{title}</h2>
      {children}
      {actions !== null && (
        <form method="dialog">
          <button type="submit">{strings.failed.close}</button>
        </form>
      )}
    </dialog>
  );
}

export function KeysSheet() {
  const { help } = useStore();
  if (!help.value) return null;
  return (
    <Sheet
      title={strings.keys.title}
      close={() => {
        help.value = false;
      }}
    >
      <dl class="keys">
        {strings.keys.list.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}

export function NoticeSheet() {
  const { notice } = useStore();
  const shown = notice.value;
  if (shown === null) return null;
  return (
    <Sheet
      title={shown.title}
      close={() => {
        notice.value = null;
      }}
    >
      <p class="notice">{visible(shown.text)}</p>
    </Sheet>
  );
}
