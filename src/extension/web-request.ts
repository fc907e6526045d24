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

/** Documents, and what scripts ask for; scripts, styles, images and the like are never looked at. */
const documents = ['main_frame', 'sub_frame'];
const calls = ['xmlhttprequest', 'ping', 'other'];

/** Which requests are listened to. */
export interface Wanted {
  readonly types: readonly string[];
  /** One tab's alone; -1 is no tab's (workers). */
  readonly tabId?: number;
}

export const everything: Wanted = { types: [...documents, ...calls] };
export const allDocuments: Wanted = { types: documents };
/** What the scripts of a tab, or of workers (-1), ask for. */
export const callsOf = (tabId: number): Wanted => ({ types: calls, tabId });

interface RequestEvent {
  addListener(listener: (details: Details) => Promise<void> | undefined, filter: object, extra?: string[]): void;
}

/** `webRequest` as the browsers have it; absent until its permission is granted. */
export type WebRequestApi = { readonly [name: string]: unknown };

/** Listens to the requests that are wanted, as far as the user permits them to be seen. */
export function listenToRequests(
  api: WebRequestApi,
  take: (stage: Stage, details: Details) => Promise<void> | undefined,
  wanted: Wanted,
): void {
  for (const stage of stages) {
    const event = api[events[stage]] as RequestEvent;
    const extra = extras(stage, api);
    const filter = { urls: ['http://*/*', 'https://*/*'], ...wanted };
    // Firefox takes no list at all where there is nothing to ask for.
    if (extra.length === 0) event.addListener((details) => take(stage, details), filter);
    else event.addListener((details) => take(stage, details), filter, extra);
  }
}

function extras(stage: Stage, api: WebRequestApi): string[] {
  if (stage === 'before') return ['requestBody'];
  // Chromium's word for Cookie, Origin, Set-Cookie and the like; Firefox shows them unasked and refuses the word.
  const more = asObject(api.OnSendHeadersOptions).EXTRA_HEADERS === undefined ? [] : ['extraHeaders'];
  if (stage === 'sent') return ['requestHeaders', ...more];
  // What is completed was answered before; a redirect may be the browser's own, without an answer.
  return stage === 'answered' || stage === 'redirected' ? ['responseHeaders', ...more] : [];
}
