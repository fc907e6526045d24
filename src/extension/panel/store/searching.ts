import { computed, signal } from '@preact/signals';
import type { Note } from '../../../report/notes.ts';
import type { Token } from '../../../story/model.ts';
import type { ScopeMatrix } from '../view/scopes.ts';
import { type Census, censusOf } from '../view/search/complete.ts';
import { matches } from '../view/search/match.ts';
import type { Choices } from './choices.ts';
import type { Derived } from './derived.ts';

/** Earlier searches that are remembered. */
const mostRemembered = 20;

const noCensus: Census = () => [];

/** The search in use: what it may be completed to, and what of tokens and scopes it leaves. */
export function createSearching({ index, flow, subjects }: Derived, { search, terms }: Choices) {
  /** Latest first. In memory only: a search may hold a secret. */
  const history = signal<readonly string[]>([]);
  const census = computed(() => {
    const [story, layout, known] = [index.value, flow.value, subjects.value];
    return story === null || layout === null || known === null
      ? noCensus
      : censusOf(known, layout.entries, story.outcomes);
  });

  function rememberSearch(): void {
    const text = search.peek().trim();
    if (text === '') return;
    history.value = [text, ...history.value.filter((one) => one !== text)].slice(0, mostRemembered);
  }

  const clock = () => subjects.value?.clock(flow.value?.start ?? 0) ?? (() => null);
  const tokenFound = (token: Token): boolean =>
    subjects.value === null || matches(subjects.value.token(token), terms.value, clock());
  const scopesFound = (matrix: ScopeMatrix): boolean =>
    subjects.value === null || matches(subjects.value.scopes(matrix), terms.value, clock());

  const noteFound = ({ entry }: Note): boolean =>
    entry === null || subjects.value === null || matches(subjects.value.row(entry), terms.value, clock());

  return { noteFound, history, census, rememberSearch, tokenFound, scopesFound };
}
