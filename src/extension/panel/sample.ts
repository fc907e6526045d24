import type { Store } from './store/store.ts';

/** Opens the recorded session that teaches the tool; it loads when first needed. */
export async function openSample(store: Store): Promise<void> {
  const at = store.files.value.findIndex((file) => file.name === sampleName);
  if (at >= 0) return store.show(at);
  const [load] = Object.values(recordings);
  if (load !== undefined) store.add(await store.engine.analyze(await load(), sampleName), sampleName);
}

const recordings = import.meta.glob<unknown>('./sample/session.json', { import: 'default' });

export const sampleName = 'sample.har';
