import { computed, signal } from '@preact/signals';
import { type Note, noNotes, type SessionNotes } from '../../../report/notes.ts';
import { strings } from '../strings.ts';
import type { Notices } from './notices.ts';
import type { OpenFile, Sessions } from './sessions.ts';

/** UTF-16 units of a note, at most, as a reader of the file takes it. */
export const longestNote = 20_000;

export type Notebook = ReturnType<typeof createNotebook>;

/** The tester's notebook: what is pinned and written down, of each session its own. */
export function createNotebook({ current, begun }: Sessions, { news }: Notices) {
  const books = signal<ReadonlyMap<OpenFile | null, SessionNotes>>(new Map());
  const notebook = computed<SessionNotes>(
    () => books.value.get(current.value) ?? current.value?.analysis.notes ?? noNotes,
  );
  // Another recording: its notes would stand on other exchanges.
  begun(() => change(null, noNotes));

  function change(session: OpenFile | null, notes: SessionNotes): void {
    books.value = new Map(books.value).set(session, notes);
  }

  function put(notes: readonly Note[]): void {
    const written = notes.filter(({ text, pinned }) => pinned || text !== '');
    change(current.value, { ...notebook.value, notes: written });
  }

  /** The first note on an exchange, or on the session (null). */
  const noteOn = (entry: number | null): Note | null =>
    notebook.value.notes.find((note) => note.entry === entry) ?? null;

  function replace(note: Note | null, next: Note): void {
    const { notes } = notebook.value;
    put(note === null ? [...notes, next] : notes.map((one) => (one === note ? next : one)));
  }

  function togglePin(entry: number): void {
    const note = noteOn(entry);
    replace(note, { entry, text: note?.text ?? '', pinned: !(note?.pinned ?? false) });
  }

  function write(entry: number | null, text: string): void {
    rewrite(noteOn(entry), entry, text);
  }

  /** Writes one note anew; a note without words stays only where it is pinned. */
  function rewrite(note: Note | null, entry: number | null, text: string): void {
    replace(note, { entry, text: text.slice(0, longestNote), pinned: note?.pinned ?? false });
  }

  /** Takes a note away, and offers to put it back. */
  function removeNote(note: Note): void {
    const session = current.value;
    const before = notebook.value;
    put(before.notes.filter((one) => one !== note));
    news.value = {
      text: strings.notebook.removed,
      undo: () => change(session, before),
    };
  }

  function nameSession(name: string): void {
    change(current.value, { ...notebook.value, name: name.trim() === '' ? null : name });
  }

  /** The exchange on which a note is about to be written. */
  const writing = signal<number | null>(null);

  return { writing, books, notebook, noteOn, togglePin, write, rewrite, removeNote, nameSession };
}
