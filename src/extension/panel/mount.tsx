import { render } from 'preact';
import { Panel } from './components/panel.tsx';
import { engine } from './engine.ts';
import type { Host } from './host/host.ts';
import { listenToKeys } from './keyboard.ts';
import { createStore, type Store } from './store.ts';

/** Shows the panel in the page's root element, which then says that it listens. */
export function mount(host: Host): Store {
  const root = document.getElementById('panel');
  if (root === null) throw new Error('the page has no element named panel');
  const store = createStore(host, engine);
  store.onTheme((theme) => {
    if (theme === null) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });
  render(<Panel store={store} />, root);
  listenToKeys(store);
  root.dataset.ready = 'true';
  return store;
}
