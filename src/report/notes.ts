import { asFields } from './redaction/entry.ts';

/** What a person wrote about one exchange, or about the session as a whole. */
export interface Note {
  /** Index of the entry; null: the session. */
  readonly entry: number | null;
  /** May be empty: a pinned exchange needs no words. */
  readonly text: string;
  readonly pinned: boolean;
}

/** A tester's notebook. */
export interface SessionNotes {
  /** What the person calls the session; null: its file's name will do. */
  readonly name: string | null;
  readonly notes: readonly Note[];
}

export const noNotes: SessionNotes = { name: null, notes: [] };

export function isEmpty({ name, notes }: SessionNotes): boolean {
  return name === null && notes.length === 0;
}

/** A notebook of more is no person's; longer notes are cut, UTF-16 units. */
const mostNotes = 2000;
const longestNote = 20_000;
const longestName = 200;

/** The notebook that an annotated HAR brings along (`log._mcpAuth`): text of a stranger, whatever it says. */
export function readNotes(log: unknown): SessionNotes {
  const mark = asFields(asFields(log)?._mcpAuth);
  if (mark === null) return noNotes;
  const { entries } = asFields(log) ?? {};
  const count = Array.isArray(entries) ? entries.length : 0;
  const listed: readonly unknown[] = Array.isArray(mark.notes) ? mark.notes : [];
  const notes = listed.slice(0, mostNotes).flatMap((one): Note[] => {
    const { entry, text, pinned } = asFields(one) ?? {};
    const isPlace = entry === null || (Number.isSafeInteger(entry) && Number(entry) >= 0 && Number(entry) < count);
    if (!isPlace || typeof text !== 'string' || (text === '' && pinned !== true)) return [];
    return [
      { entry: entry === null ? null : Number(entry), text: text.slice(0, longestNote), pinned: pinned === true },
    ];
  });
  const name = typeof mark.name === 'string' && mark.name.trim() !== '' ? mark.name.slice(0, longestName) : null;
  return name === null && notes.length === 0 ? noNotes : { name, notes };
}

/** The same notebook with every text rewritten; a note may quote a secret. */
export function mapNotes({ name, notes }: SessionNotes, text: (text: string) => string): SessionNotes {
  if (isEmpty({ name, notes })) return noNotes;
  return { name: name === null ? null : text(name), notes: notes.map((note) => ({ ...note, text: text(note.text) })) };
}

/** Notes in the order of a report: the session's first, then by entry. */
export function inOrder(notes: readonly Note[]): readonly Note[] {
  return notes.toSorted((one, other) => (one.entry ?? -1) - (other.entry ?? -1));
}
