import { type Tab, tabs } from '../store/choices.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';
import { ExchangeTab } from './exchange-tab.tsx';
import { FindingsTab } from './findings-tab.tsx';
import { NotebookTab } from './notebook-tab.tsx';
import { RawTab } from './raw-tab.tsx';
import { ScopesTab } from './scopes-tab.tsx';
import { TokenTab } from './token-tab.tsx';

const bodies: Readonly<Record<Tab, () => preact.VNode | null>> = {
  finding: FindingsTab,
  exchange: ExchangeTab,
  token: TokenTab,
  scopes: ScopesTab,
  raw: RawTab,
  notes: NotebookTab,
};

/** What is known about the finding or the exchange that is chosen. */
export function Detail() {
  const { tab } = useStore();
  const current = tab.value;
  const step = (event: KeyboardEvent): void => {
    const move = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (move === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = tabs[(tabs.indexOf(current) + move + tabs.length) % tabs.length] ?? current;
    tab.value = next;
    document.getElementById(`tab-${next}`)?.focus();
  };
  const Body = bodies[current];
  return (
    <section class="detail" aria-label={strings.tabs.label}>
      <div class="tabs" role="tablist" tabIndex={-1} aria-label={strings.tabs.label} onKeyDown={step}>
        {tabs.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === current}
            aria-controls={`panel-${name}`}
            tabIndex={name === current ? 0 : -1}
            onClick={() => {
              tab.value = name;
            }}
          >
            {strings.tabs[name]}
          </button>
        ))}
      </div>
      {/* The list of checks stays in the document, so that it keeps its place. */}
      <div
        id="panel-finding"
        class="body"
        role="tabpanel"
        aria-labelledby="tab-finding"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        hidden={current !== 'finding'}
      >
        <FindingsTab />
      </div>
      {current !== 'finding' && (
        <div
          key={current}
          id={`panel-${current}`}
          class="body"
          role="tabpanel"
          aria-labelledby={`tab-${current}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
        >
          <Body />
        </div>
      )}
    </section>
  );
}
