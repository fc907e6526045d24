import { inOrder, type Note } from '../../../report/notes.ts';
import { visibleLine } from '../../../report/text.ts';
import { longestNote } from '../store/notebook.ts';
import { strings } from '../strings.ts';
import { inWords } from '../view/words.ts';
import { useStore } from './context.ts';

/** The tester's notebook: the session's name, what is to be said of it, and every pin and note. */
export function NotebookTab() {
  const { notebook, nameSession, noteOn, write, noteFound } = useStore();
  const say = strings.notebook;
  const { name, notes } = notebook.value;
  const onExchanges = inOrder(notes).filter(({ entry }) => entry !== null);
  const shown = onExchanges.filter(noteFound);
  // A file may hold several notes about the session: the first is edited, the others are listed.
  const about = noteOn(null);
  const others = notes.filter((note) => note.entry === null && note !== about);
  return (
    <div class="notebook">
      <label class="field">
        <span>{say.sessionName}</span>
        <input
          type="text"
          maxLength={200}
          value={name ?? ''}
          onInput={(event) => nameSession(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{say.sessionNote}</span>
        <textarea
          rows={2}
          maxLength={longestNote}
          value={about?.text ?? ''}
          onInput={(event) => write(null, event.currentTarget.value)}
        />
      </label>
      <ul class="notes" aria-label={say.title}>
        {[...others, ...shown].map((note, at) => (
          <NoteItem key={`${note.entry} ${at}`} note={note} />
        ))}
      </ul>
      {shown.length === 0 && <p class="hint">{onExchanges.length === 0 ? say.none : say.noneFound}</p>}
      <p class="hint">{say.about}</p>
    </div>
  );
}

function NoteItem({ note }: { note: Note }) {
  const { index, rewrite, removeNote, selectEvidence, togglePin } = useStore();
  const say = strings.notebook;
  const { entry } = note;
  const exchange = entry === null ? undefined : index.value?.exchanges[entry];
  const words = exchange === undefined || index.value === null ? null : inWords(exchange, index.value);
  return (
    <li data-note={entry ?? 'session'}>
      <div class="note-head">
        {entry !== null && (
          <>
            <PinButton pinned={note.pinned} toggle={() => togglePin(entry)} />
            <button
              type="button"
              class="link entry"
              aria-label={strings.finding.showEvidence(entry)}
              onClick={() => selectEvidence({ entry, part: 'request.url', note: '' })}
            >
              #{entry}
            </button>
          </>
        )}
        {words !== null && <span class="what">{visibleLine(`${words.what} ${words.note}`)}</span>}
        {exchange !== undefined && <span class="status">{exchange.response.status}</span>}
        <button type="button" class="link" aria-label={say.removeNote(entry)} onClick={() => removeNote(note)}>
          {say.remove}
        </button>
      </div>
      <textarea
        rows={2}
        maxLength={longestNote}
        aria-label={entry === null ? say.sessionNote : say.noteOn(entry)}
        placeholder={say.placeholder}
        value={note.text}
        onChange={(event) => rewrite(note, entry, event.currentTarget.value)}
      />
    </li>
  );
}

export function PinButton({ pinned, toggle }: { pinned: boolean; toggle: () => void }) {
  const say = strings.notebook;
  return (
    <button
      type="button"
      class={pinned ? 'icon pin on' : 'icon pin'}
      aria-pressed={pinned}
      aria-label={say.pin}
      title={pinned ? say.unpinHint : say.pinHint}
      onClick={toggle}
    >
      <PinSign />
    </button>
  );
}

export function PinSign() {
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path
        d="M4 1h4l-.6 4L9.500 7H2.500L4.600 5zM6 7v4"
        fill="none"
        stroke="currentColor"
        stroke-width="1.2"
        stroke-linejoin="round"
      />
    </svg>
  );
}
