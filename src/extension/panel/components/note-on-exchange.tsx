import { useEffect, useRef } from 'preact/hooks';
import { longestNote } from '../store/notebook.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';
import { focusFlow } from './focus.ts';
import { PinButton, PinSign } from './notebook-tab.tsx';

/** Id of the note on the exchange that is shown, which the `e` key focuses. */
export const noteId = 'note';

/** Pin and note of the exchange that is shown; the field opens when it is asked for. */
export function NoteOnExchange({ entry }: { entry: number }) {
  const { noteOn, togglePin, write, writing } = useStore();
  const note = noteOn(entry);
  const open = writing.value === entry || (note !== null && note.text !== '');
  const say = strings.notebook;
  return (
    <div class="note-on-exchange">
      <PinButton pinned={note?.pinned ?? false} toggle={() => togglePin(entry)} />
      {!open && (
        <button
          type="button"
          class="link"
          title={say.writeHint}
          onClick={() => {
            writing.value = entry;
          }}
        >
          {say.write}
        </button>
      )}
      {open && <NoteField key={entry} text={note?.text ?? ''} write={(text) => write(entry, text)} entry={entry} />}
    </div>
  );
}

interface FieldProps {
  readonly entry: number;
  readonly text: string;
  readonly write: (text: string) => void;
}

function NoteField({ entry, text, write }: FieldProps) {
  const { writing } = useStore();
  const field = useRef<HTMLTextAreaElement>(null);
  const wanted = writing.value === entry;
  useEffect(() => {
    if (wanted) field.current?.focus();
  }, [wanted]);
  return (
    <textarea
      id={noteId}
      rows={1}
      maxLength={longestNote}
      aria-label={strings.notebook.noteOn(entry)}
      placeholder={strings.notebook.placeholder}
      ref={field}
      onBlur={() => {
        writing.value = null;
      }}
      value={text}
      onInput={(event) => write(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' && !(event.key === 'Enter' && (event.ctrlKey || event.metaKey))) return;
        event.preventDefault();
        event.stopPropagation();
        focusFlow();
      }}
    />
  );
}

/** Says on a row that it is pinned, or that something is written on it. */
export function NoteMark({ entry }: { entry: number }) {
  const { noteOn } = useStore();
  const note = noteOn(entry);
  if (note === null) return null;
  const word = note.pinned ? strings.notebook.pinned : strings.notebook.noted;
  return (
    <span class={note.pinned ? 'noted pinned' : 'noted'} role="img" aria-label={word} title={word}>
      <PinSign />
    </span>
  );
}
