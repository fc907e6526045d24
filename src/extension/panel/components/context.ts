import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Store } from '../store/store.ts';

export const StoreContext = createContext<Store | null>(null);

/** The panel's store; every component stands below its provider. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === null) throw new Error('rendered outside the panel');
  return store;
}
