import { render } from 'preact';
import { Panel } from './components/panel.tsx';
import type { Host } from './host/host.ts';
import { listenToKeys } from './keyboard.ts';
import { lazyEngine } from './lazy-engine.ts';
import { createStore, type Store } from './store/store.ts';

/**
 * Shows the panel in the page's root element, which then says that it listens.
 * The engine and its rules, most of what there is to load, come when there is something to analyse.
 */
export async function mount(host: Host): Promise<Store> {
  const root = document.getElementById('panel');
  if (root === null) throw new Error('the page has no element named panel');
  const store = createStore(
    host,
    lazyEngine(async () => (await import('./engine.ts')).engine),
  );
  store.onTheme((theme) => {
    if (theme === null) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });
  render(<Panel store={store} />, root);
  listenToKeys(store);
  root.dataset.ready = 'true';
  return store;
}
