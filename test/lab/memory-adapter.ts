import type { Adapter, AdapterPayload } from 'oidc-provider';

/** What the authorization server stores, by model name (`Client`, `AccessToken`, `RefreshToken`, ...). */
export type Storage = Map<string, Map<string, AdapterPayload>>;

/** The authorization server's storage: plain maps, so that a scenario can revoke what it likes. */
export class MemoryAdapter implements Adapter {
  readonly #name: string;
  readonly #entries: Map<string, AdapterPayload>;
  readonly #forgetRegisteredScope: boolean;

  /**
   * @param forgetRegisteredScope drop the `scope` that a client registered with, so that it may ask for more later
   */
  constructor(name: string, storage: Storage, forgetRegisteredScope: boolean) {
    this.#name = name;
    this.#entries = storage.get(name) ?? new Map<string, AdapterPayload>();
    storage.set(name, this.#entries);
    this.#forgetRegisteredScope = forgetRegisteredScope;
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    const stored = { ...payload };
    if (this.#name === 'Client' && this.#forgetRegisteredScope) delete stored.scope;
    this.#entries.set(id, stored);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#entries.get(id);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return [...this.#entries.values()].find((entry) => entry.uid === uid);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return [...this.#entries.values()].find((entry) => entry.userCode === userCode);
  }

  async consume(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry) entry.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.#entries.delete(id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, entry] of this.#entries) if (entry.grantId === grantId) this.#entries.delete(id);
  }
}
