import { computed, signal } from '@preact/signals';

/** Something the user must be told before going on. */
export interface Notice {
  readonly title: string;
  readonly text: string;
}

export type Notices = ReturnType<typeof createNotices>;

/** What lies over the panel: work in progress, news, the sheets of keys and settings. */
export function createNotices() {
  /** What is being read, by name; null when nothing is. */
  const busy = signal<string | null>(null);
  const notice = signal<Notice | null>(null);
  const help = signal(false);
  const settingsOpen = signal(false);
  /** The sheet of what cannot be seen; an outcome's index points its line out. */
  const unseen = signal<{ readonly outcome: number | null } | null>(null);
  /** Whether a sheet lies over the panel and has the keys. */
  const covered = computed(() => help.value || settingsOpen.value || notice.value !== null || unseen.value !== null);
  return { busy, notice, help, settingsOpen, unseen, covered };
}
