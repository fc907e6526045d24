import { strings } from '../strings.ts';
import { searchFields } from '../view/search.ts';
import { useStore } from './context.ts';

/** Id of the filter's input, which the `/` key focuses. */
export const filterId = 'filter';

export function FilterBox() {
  const { search } = useStore();
  return (
    <div class="filter">
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
        <path d="M2 3h12l-4.7 5.5V13l-2.6-1.4V8.500z" fill="none" stroke="currentColor" stroke-width="1.4" />
      </svg>
      <input
        id={filterId}
        type="search"
        placeholder={strings.toolbar.searchHint}
        aria-label={strings.toolbar.search}
        autocomplete="off"
        spellcheck={false}
        list="filter-words"
        value={search.value}
        onInput={(event) => {
          search.value = event.currentTarget.value;
        }}
      />
      <datalist id="filter-words">
        {searchFields.map((field) => (
          <option key={field} value={`${field}:`} />
        ))}
      </datalist>
    </div>
  );
}
