import { signal } from '@preact/signals';
import type { FetchFailure } from '../host/fetch-keys.ts';
import type { Host } from '../host/host.ts';
import { readKeySet } from '../signature/key-set.ts';
import type { SignatureResult } from '../signature/verify.ts';

/** Where the keys came from by which a signature was checked. */
export type KeyOrigin =
  | { readonly kind: 'recorded'; readonly entry: number }
  | { readonly kind: 'fetched'; readonly url: string }
  | { readonly kind: 'pasted' };

/** How far the check of one token's signature is. */
export type SignatureCheck =
  | { readonly state: 'checking' }
  | { readonly state: 'done'; readonly result: SignatureResult; readonly from: KeyOrigin }
  | { readonly state: 'no-keys'; readonly why: FetchFailure | 'not-a-key-set' | 'too-many-keys' };

/** Checks of signatures, by the token's value: made on a click only, forgotten with the panel. */
export function createSignatures(host: Host) {
  const signatures = signal<ReadonlyMap<string, SignatureCheck>>(new Map());

  function set(token: string, check: SignatureCheck | null): void {
    const next = new Map(signatures.value);
    if (check === null) next.delete(token);
    else next.set(token, check);
    signatures.value = next;
  }

  /** Checks against a JWKS that is at hand. */
  async function checkSignature(token: string, keys: string, from: KeyOrigin): Promise<void> {
    const read = readKeySet(keys);
    if (!read.ok) return set(token, { state: 'no-keys', why: read.why });
    set(token, { state: 'checking' });
    // The verifier loads when it is first needed.
    const { verifySignature } = await import('../signature/verify.ts');
    set(token, { state: 'done', result: await verifySignature(token, read.keys), from });
  }

  /** Fetches the keys from an address that was checked and shown, then checks. */
  async function fetchAndCheck(token: string, url: string): Promise<void> {
    if (host.fetchKeys === null) return;
    set(token, { state: 'checking' });
    const fetched = await host.fetchKeys(url);
    // Cancelled meanwhile.
    if (signatures.value.get(token)?.state !== 'checking') return;
    if (!fetched.ok) return set(token, { state: 'no-keys', why: fetched.why });
    await checkSignature(token, fetched.text, { kind: 'fetched', url });
  }

  return { signatures, checkSignature, fetchAndCheck, forgetSignature: (token: string) => set(token, null) };
}
