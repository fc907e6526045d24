import { largestKeySet } from '../signature/key-set.ts';

/** How long an answer may take, in milliseconds. */
const patience = 5_000;

/** Why no keys came. */
export type FetchFailure = 'unreachable' | 'too-slow' | 'too-large' | { readonly status: number };
export type FetchedKeys =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: FetchFailure };

/**
 * Fetches a JWKS, once, from an address that was checked and shown: without credentials, referrer or cache, no
 * redirect followed, no more than 256 KB read. The request carries nothing of the session.
 */
export async function fetchKeys(
  address: string,
  ask: typeof fetch = (input, init) => fetch(input, init),
  timeout = patience,
): Promise<FetchedKeys> {
  const signal = AbortSignal.timeout(timeout);
  try {
    const answer = await ask(address, {
      method: 'GET',
      headers: { accept: 'application/jwk-set+json, application/json' },
      mode: 'cors',
      credentials: 'omit',
      redirect: 'error',
      referrer: '',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal,
    });
    if (!answer.ok) return { ok: false, why: { status: answer.status } };
    const text = await readUpTo(answer, largestKeySet);
    return text === null ? { ok: false, why: 'too-large' } : { ok: true, text };
  } catch {
    return { ok: false, why: signal.aborted ? 'too-slow' : 'unreachable' };
  }
}

/** The body as UTF-8; null when it is longer than `most` bytes: then the rest is not read. */
async function readUpTo(answer: Response, most: number): Promise<string | null> {
  const reader = answer.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > most) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
