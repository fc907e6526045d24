import { signal } from '@preact/signals';

/** Something the user must be told before going on. */
export interface Notice {
  readonly title: string;
  readonly text: string;
}

export type Notices = ReturnType<typeof createNotices>;

/** What lies over the panel: work in progress, news, the sheet of keys. */
export function createNotices() {
  /** What is being read, by name; null when nothing is. */
  const busy = signal<string | null>(null);
  const notice = signal<Notice | null>(null);
  const help = signal(false);
  return { busy, notice, help };
}
