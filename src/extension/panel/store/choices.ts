import { computed, type Signal, signal } from '@preact/signals';
import { parseSearch } from '../view/search/parse.ts';

export type Tab = 'finding' | 'exchange' | 'token' | 'scopes' | 'raw' | 'notes';
export const tabs: readonly Tab[] = ['finding', 'exchange', 'token', 'scopes', 'raw', 'notes'];

export type Choices = ReturnType<typeof createChoices>;

/** How the user wants to see a session: which words, which tab, what is folded and what is shown. */
export function createChoices() {
  const search = signal('');
  const terms = computed(() => parseSearch(search.value));
  /** Exchanges outside the story are rows too. */
  const all = signal(false);
  const tab = signal<Tab>('finding');
  const folded = signal<ReadonlySet<string>>(new Set());
  const listOpen = signal<ReadonlySet<string>>(new Set(['open', 'informational']));
  const revealed = signal<ReadonlySet<string>>(new Set());

  /** Forgets what belongs to the session that was shown. */
  function resetChoices(): void {
    folded.value = new Set();
    revealed.value = new Set();
    search.value = '';
    tab.value = 'finding';
  }

  return {
    search,
    terms,
    all,
    tab,
    folded,
    listOpen,
    revealed,
    resetChoices,
    toggleFold: (id: string) => toggle(folded, id),
    toggleSection: (id: string) => toggle(listOpen, id),
    toggleSecret: (secret: string) => toggle(revealed, secret),
  };
}

function toggle(set: Signal<ReadonlySet<string>>, item: string): void {
  const next = new Set(set.value);
  if (!next.delete(item)) next.add(item);
  set.value = next;
}
