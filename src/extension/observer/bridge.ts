import { takePort } from './handshake.ts';

interface ContentScriptApi {
  readonly runtime: { sendMessage(message: object): unknown };
  readonly storage: {
    readonly local: { get(key: string): Promise<{ readonly settings?: unknown }> };
    readonly onChanged: { addListener(listener: () => void): void };
  };
}

/*
 * Runs in the extension's own world of the page and hands reports on, unread, to DevTools, where they are checked. On
 * an origin that was not chosen (another port of the same host, such as an authorization server's) it hands on nothing.
 */
const { runtime, storage } = (globalThis as unknown as { readonly chrome: ContentScriptApi }).chrome;

async function isChosen(): Promise<boolean> {
  const { settings } = await storage.local.get('settings');
  const { observedSites, observedFrames } = (settings ?? {}) as { readonly [name: string]: unknown };
  return isIn(observedSites) && (window.top === window || isIn(observedFrames));
}
const isIn = (origins: unknown): boolean => Array.isArray(origins) && origins.includes(location.origin);
let chosen = isChosen().catch(() => false);
// A site that is given up is given up at once; the observer in its page goes on unheard until the page is left.
storage.onChanged.addListener(() => {
  chosen = isChosen().catch(() => false);
});

takePort((reports) => {
  void (async () => {
    if (await chosen) await runtime.sendMessage({ kind: 'observed', reports });
  })().catch(() => {
    // DevTools is closed, or the extension was reloaded: nobody wants to know.
  });
});
