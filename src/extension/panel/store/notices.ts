import { computed, signal } from '@preact/signals';
import type { FileFailure } from '../../../capture/har-file.ts';

/** Something the user must be told before going on. */
export interface Notice {
  readonly title: string;
  readonly text: string;
}

/** Work that takes long enough to be told. */
export interface Progress {
  readonly title: string;
  /** 0 to 1; null when it is not known. */
  readonly part: number | null;
  readonly cancel: () => void;
}

/** Something that was done, and how it is taken back. */
export interface News {
  readonly text: string;
  /** null where nothing is to be taken back. */
  readonly undo: (() => void) | null;
}

export type Notices = ReturnType<typeof createNotices>;

/** What lies over the panel: work in progress, news, the sheets of keys and settings. */
export function createNotices() {
  /** What takes long; null when nothing does. */
  const progress = signal<Progress | null>(null);
  /** Files that could not be opened. */
  const failures = signal<readonly FileFailure[]>([]);
  const notice = signal<Notice | null>(null);
  /** Told for some seconds; the latest takes the place of the one before. */
  const news = signal<News | null>(null);
  const help = signal(false);
  const settingsOpen = signal(false);
  const sessionsOpen = signal(false);
  const exporting = signal(false);
  /** The sheet of what could not be read of the session shown. */
  const problemsOpen = signal(false);
  /** The sheet of what cannot be seen; an outcome's index points its line out. */
  const unseen = signal<{ readonly outcome: number | null } | null>(null);
  /** Whether a sheet lies over the panel and has the keys. */
  const covered = computed(
    () =>
      [help, settingsOpen, sessionsOpen, exporting, problemsOpen].some((open) => open.value) ||
      notice.value !== null ||
      unseen.value !== null ||
      failures.value.length > 0,
  );
  return {
    progress,
    failures,
    notice,
    news,
    help,
    settingsOpen,
    sessionsOpen,
    exporting,
    problemsOpen,
    unseen,
    covered,
  };
}
