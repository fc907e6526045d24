import { useRef, useState } from 'preact/hooks';
import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { applied, type Completion, complete } from '../view/search/complete.ts';
import { useStore } from './context.ts';
import { focusFlow } from './focus.ts';

/** Id of the search's input, which the `/` key focuses. */
export const searchId = 'filter';
const listId = 'search-completions';
const optionId = (at: number): string => `search-completion-${at}`;

/** What the list under the input offers: a completion of the word at the caret, or an earlier search. */
type Offer =
  | { readonly kind: 'completion'; readonly completion: Completion }
  | { readonly kind: 'earlier'; readonly text: string };

/** One search for every view: a combobox that completes fields and values, with their counts. */
export function SearchBox() {
  const { search, history, census, rememberSearch } = useStore();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [caret, setCaret] = useState(0);
  const say = strings.search;
  const text = search.value;

  const completions = open ? complete(text, Math.min(caret, text.length), census.value) : null;
  const offers: readonly Offer[] = [
    ...(text.trim() === '' ? history.value : []).map((one): Offer => ({ kind: 'earlier', text: one })),
    ...(completions?.list ?? []).map((completion): Offer => ({ kind: 'completion', completion })),
  ];
  const shown = open && offers.length > 0;

  const look = (): void => setCaret(input.current?.selectionStart ?? text.length);
  const take = (offer: Offer): void => {
    const next =
      offer.kind === 'earlier' || completions === null
        ? { text: offer.kind === 'earlier' ? offer.text : text, caret: Number.MAX_SAFE_INTEGER }
        : applied(text, completions, offer.completion);
    search.value = next.text;
    setActive(-1);
    setCaret(next.caret);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(next.caret, next.caret);
    });
  };
  const step = (by: number): void => {
    setOpen(true);
    look();
    // One place more than there are offers: the text as typed.
    const places = offers.length + 1;
    setActive(((active + 1 + by + places) % places) - 1);
  };
  const keys = (event: KeyboardEvent): void => {
    const chosen = shown ? offers[active] : undefined;
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) take(chosen);
    else if (event.key === 'Enter') {
      rememberSearch();
      setOpen(false);
      focusFlow();
    } else if (event.key === 'Escape' && shown && active >= 0) setActive(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  // Preact's types know this role only beside a datalist, which shows no counts.
  const combobox: object = {
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': shown,
    'aria-controls': listId,
    'aria-activedescendant': shown && active >= 0 ? optionId(active) : undefined,
  };
  return (
    <div class="search">
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
        <circle cx="6.8" cy="6.8" r="4.6" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d="M10.3 10.3l4 4" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
      </svg>
      <input
        ref={input}
        id={searchId}
        type="search"
        {...combobox}
        placeholder={say.hint}
        title={say.language}
        aria-label={say.label}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          search.value = event.currentTarget.value;
          setOpen(true);
          setActive(-1);
          look();
        }}
        onClick={() => {
          setOpen(true);
          look();
        }}
        onKeyDown={keys}
        onKeyUp={look}
        onBlur={() => {
          setOpen(false);
          setActive(-1);
          rememberSearch();
        }}
      />
      <div id={listId} class="completions" role="listbox" aria-label={say.completions} hidden={!shown}>
        {shown &&
          offers.map((offer, at) => (
            <OfferLine key={at} offer={offer} id={optionId(at)} selected={at === active} take={() => take(offer)} />
          ))}
      </div>
    </div>
  );
}

interface OfferProps {
  readonly offer: Offer;
  readonly id: string;
  readonly selected: boolean;
  readonly take: () => void;
}

function OfferLine({ offer, id, selected, take }: OfferProps) {
  const say = strings.search;
  const known = offer.kind === 'completion' ? offer.completion : null;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the input holds the focus and names its active option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the input handles the keys of its options
    <div
      id={id}
      role="option"
      aria-selected={selected}
      class={selected ? 'active' : ''}
      // The input keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
      onClick={take}
    >
      <span class="text">{visibleLine(offer.kind === 'earlier' ? offer.text : offer.completion.text)}</span>
      {offer.kind === 'earlier' && <span class="hint">{say.history}</span>}
      {known !== null && known.count === null && <span class="hint">{say.fields[known.field]}</span>}
      {known !== null && known.count !== null && <span class="count">{known.count}</span>}
    </div>
  );
}
