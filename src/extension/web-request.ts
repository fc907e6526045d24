import { asObject } from '../capture/har-json.ts';
import { type Details, type Stage, stages } from '../capture/webrequest.ts';

/** webRequest's events, by what they are called here. */
const events = {
  before: 'onBeforeRequest',
  sent: 'onSendHeaders',
  answered: 'onHeadersReceived',
  redirected: 'onBeforeRedirect',
  completed: 'onCompleted',
  failed: 'onErrorOccurred',
} as const satisfies Record<Stage, string>;

/** Documents, and what scripts ask for; styles, images and the like are never looked at. */
const documents = ['main_frame', 'sub_frame'];
const calls = ['xmlhttprequest', 'ping', 'other'];

/**
 * Which requests are listened to, and how much of each. Every request costs the browser time for each listener that
 * matches it; one that matches nothing costs none.
 */
export interface Wanted {
  readonly types: readonly string[];
  /** Match patterns; without, all that the web has. */
  readonly urls?: readonly string[];
  /** One tab's alone. No filter picks what is no tab's (-1, workers): the browsers read that as any tab's. */
  readonly tabId?: number;
  readonly stages?: readonly Stage[];
  /** Neither bodies nor what a request sends. */
  readonly sparing?: boolean;
  /**
   * Also preflights, and the header fields that Chromium leaves out (Cookie, Origin, Referer, Set-Cookie). One such
   * listener, whatever it listens to, and every request of the browser waits twice for the browser's own process.
   */
  readonly everyHeader?: boolean;
}

export const allDocuments: Wanted = { types: documents };
/** What the scripts of a tab ask for; without a tab, of all tabs and workers. */
export const callsOf = (tabId?: number): Wanted => (tabId === undefined ? { types: calls } : { types: calls, tabId });
/** All of a tab that another opened. */
export const popup = (tabId: number): Wanted => ({ types: [...documents, ...calls], tabId, everyHeader: true });
/** That an answer began: enough to know a stream that is open. A failure is told for nothing where there is none. */
export const answersOnly: Wanted = { types: calls, stages: ['answered', 'failed'], sparing: true };
/** How calls of a tab end that are under way. */
export const endsOf = (tabId: number): Wanted => ({
  ...callsOf(tabId),
  stages: ['answered', 'redirected', 'completed', 'failed'],
  sparing: true,
});
/** Scripts, among them those that workers begin with. */
export const scriptsOnly: Wanted = { types: ['script'], stages: ['before'], sparing: true };

type RequestListener = (details: Details) => Promise<void> | undefined;

interface RequestEvent {
  addListener(listener: RequestListener, filter: object, extra?: string[]): void;
  removeListener(listener: RequestListener): void;
}

/** `webRequest` as the browsers have it; absent until its permission is granted. */
export type WebRequestApi = { readonly [name: string]: unknown };

/** Listens to the requests that are wanted, as far as the user permits them to be seen; returns the way to stop. */
export function listenToRequests(
  api: WebRequestApi,
  take: (stage: Stage, details: Details) => Promise<void> | undefined,
  { stages: wantedStages = stages, sparing = false, everyHeader = false, ...wanted }: Wanted,
): () => void {
  const filter = { urls: ['*://*/*'], ...wanted };
  // Chromium's word for what costs; Firefox shows it unasked and refuses the word.
  const costly = asObject(api.OnSendHeadersOptions).EXTRA_HEADERS === undefined ? [] : ['extraHeaders'];
  const stops = wantedStages.map((stage) => {
    const event = api[events[stage]] as RequestEvent;
    const extra = [...(shown[stage] ?? []), ...(sparing ? [] : (asked[stage] ?? []))];
    if (everyHeader && headed.includes(stage)) extra.push(...costly);
    const leftOut = stage === 'sent' && costly.length > 0 && !everyHeader;
    const listener: RequestListener = leftOut
      ? (details) => take(stage, { ...details, headersLeftOut: true })
      : (details) => take(stage, details);
    // Firefox takes no list at all where there is nothing to ask for.
    if (extra.length === 0) event.addListener(listener, filter);
    else event.addListener(listener, filter, extra);
    return () => event.removeListener(listener);
  });
  return () => {
    for (const stop of stops) stop();
  };
}

/** What is asked for of each stage: of its answer (a redirect may be the browser's own, without one), and of the request. */
const shown: { readonly [stage in Stage]?: readonly string[] } = {
  answered: ['responseHeaders'],
  redirected: ['responseHeaders'],
};
const asked: { readonly [stage in Stage]?: readonly string[] } = { before: ['requestBody'], sent: ['requestHeaders'] };
const headed: readonly Stage[] = ['sent', 'answered', 'redirected'];
