/** `storage.session`, as far as it is used: memory of the browser, for pages of the extension only. */
export interface SessionArea {
  get(keys: string | string[] | null): Promise<{ readonly [key: string]: unknown }>;
  set(items: { readonly [key: string]: unknown }): Promise<void>;
  remove(keys: string | string[]): Promise<void>;
  setAccessLevel?(level: { accessLevel: 'TRUSTED_CONTEXTS' }): Promise<void>;
}

/** The index of kept sessions; their entries lie beside it, by `keptKey`. */
export const keptIndexKey = 'kept';

export function keptKey(tab: number | string, place: number): string {
  return `kept/${tab}/${place}`;
}
