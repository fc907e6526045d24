import { jwt, SERVER, type Traffic, traffic } from '../traffic/traffic.ts';

/** Numbers that look random and are the same for the same seed (Park and Miller), each below `bound`. */
function numbers(seed: number): (bound: number) => number {
  let state = ((seed * 7919 + 13) % 2_147_483_646) + 1;
  return (bound) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % bound;
  };
}

const TOOLS = { r: 'search', w: 'write', x: 'export' } as const;
type Scope = keyof typeof TOOLS;
const SCOPES: readonly Scope[] = ['r', 'w', 'x'];
const METADATA = 'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"';
const REVISIONS = ['2026-07-28', '2025-11-25', '2025-06-18', null] as const;

/**
 * A client that does everything right, through a session that a seed draws: users deny and narrow, tokens run out and
 * are revoked, refreshes get lost, are put off or refused, gateways fail, answers leave things out. Nothing in its log
 * is the client's fault.
 */
export class WellBehaved {
  readonly log: Traffic;
  readonly #random: (bound: number) => number;
  readonly #seed: number;
  readonly #offers: boolean;
  readonly #unasked: boolean;
  readonly #rotates: boolean;
  readonly #format: 'jwt' | 'opaque';
  readonly #life: number;
  #count = 0;
  #now = 0;
  #end = 0;
  #token: string | null = null;
  #refreshToken: string | null = null;
  #granted: readonly Scope[] = [];
  /** What the user was asked for, and need not be asked for again. */
  readonly #asked = new Set<Scope>();

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = numbers(seed);
    this.log = traffic({ revision: REVISIONS[this.#random(REVISIONS.length)] ?? null });
    this.#offers = this.#random(3) > 0;
    this.#unasked = this.#random(4) === 0;
    this.#rotates = this.#random(4) > 0;
    this.#format = this.#random(2) === 0 ? 'jwt' : 'opaque';
    this.#life = this.#random(2) === 0 ? 300 : 3600;
  }

  /** Signs in and lives through so many events. */
  live(events: number): Traffic {
    this.#signIn();
    for (let event = 0; event < events; event += 1) this.#meet(this.#random(16));
    return this.log;
  }

  #meet(event: number): void {
    if (event < 6) this.#call('r');
    else if (event < 10) this.#call(SCOPES[this.#random(SCOPES.length)] ?? 'r');
    else if (event === 10) this.#wait(this.#life * 1000 + 30_000);
    else if (event === 11) this.#wait(this.#life * 30_000);
    else if (event === 12) this.log.reload();
    else if (event === 13) this.#end = this.#now;
    else if (event === 14) this.#askModel();
    else if (this.#random(3) === 0) this.#signOut();
    else this.#wait(this.#random(100) * 1000);
  }

  #wait(milliseconds: number): void {
    this.log.wait(milliseconds);
    this.#now += milliseconds;
  }

  #signIn(): void {
    do {
      if (this.#count > 0) this.#wait(60_000);
      this.log.challenge({ scope: 'r' }).prm({ scopes: ['r'] });
      this.log.asm({ scopes: [...SCOPES, ...(this.#offers ? ['offline_access'] : [])] });
      if (this.#count === 0) this.log.reg();
      this.#count += 1;
    } while (!this.#authorize(['r']));
    this.log.call('initialize', { token: this.#token });
  }

  /** Whether the user agreed to anything. */
  #authorize(wanted: readonly Scope[]): boolean {
    for (const scope of wanted) this.#asked.add(scope);
    const scope = [...wanted, ...(this.#offers ? ['offline_access'] : [])].join(' ');
    const request = this.#offers ? { scope, prompt: 'consent' } : { scope };
    if (this.#random(9) === 0) {
      this.log.az({ ...request, error: 'access_denied' });
      return false;
    }
    const narrowed = this.#random(8) === 0;
    this.#granted = narrowed ? wanted.slice(0, 1) : wanted;
    this.#token = this.#newToken();
    const renewable = this.#unasked || (this.#offers && this.#random(6) > 0);
    this.#refreshToken = renewable ? this.#newRefreshToken() : null;
    const said = narrowed || this.#random(3) > 0 ? this.#granted.join(' ') : null;
    const answer = { scope: said, token: this.#token, refresh: this.#refreshToken, expiresIn: this.#life };
    this.log.az(request).tk(answer);
    this.#end = this.#now + this.#life * 1000;
    return true;
  }

  #newToken(): string {
    this.#count += 1;
    if (this.#format === 'opaque') return `opaque-${this.#seed}-${this.#count}-0123456789`;
    const scope = this.#granted.join(' ');
    const jti = `${this.#seed}-${this.#count}`;
    return jwt({ iss: 'https://as.example.com', aud: SERVER, sub: 'u', exp: 1_900_000_000, jti, scope });
  }

  #newRefreshToken(): string {
    return `refresh-${this.#seed}-${this.#count}-0123456789`;
  }

  #refresh(): boolean {
    if (this.#refreshToken === null) return false;
    const send = this.#refreshToken;
    const luck = this.#random(10);
    if (luck === 0) this.log.rf({ send, status: 400, error: 'invalid_grant' });
    if (luck === 0) return false;
    if (luck === 1) this.log.rf({ send, status: 503 });
    if (luck === 2) this.log.rf({ send, status: 429, answerType: 'text/html', answerBody: '<html>later</html>' });
    if (luck === 3) this.log.rf({ send, status: 0 });
    if (luck < 4) this.#wait(2000);
    this.#token = this.#newToken();
    const next = this.#rotates ? this.#newRefreshToken() : null;
    this.log.rf({ send, token: this.#token, refresh: next, expiresIn: this.#life });
    this.#refreshToken = next ?? send;
    this.#end = this.#now + this.#life * 1000;
    return true;
  }

  #call(scope: Scope): void {
    const tool = TOOLS[scope];
    if (this.#token === null) this.#signIn();
    if (this.#now >= this.#end && !this.#renew(tool)) return;
    const token = this.#token;
    if (!this.#granted.includes(scope)) {
      this.#stepUp(scope, token);
      return;
    }
    if (this.#random(12) === 0)
      this.log.call(tool, { token, status: 502, body: '<html>bad gateway</html>', mimeType: 'text/html' });
    this.log.call(tool, { token });
  }

  /** Whether a refused token could be replaced. */
  #renew(tool: string): boolean {
    this.log.call(tool, { token: this.#token, status: 401, challenge: `Bearer error="invalid_token", ${METADATA}` });
    if (this.#refresh() || this.#authorize(this.#granted)) return true;
    this.#token = null;
    this.#wait(100_000);
    return false;
  }

  #stepUp(scope: Scope, token: string | null): void {
    const challenge = `Bearer error="insufficient_scope", scope="${scope}", ${METADATA}`;
    this.log.call(TOOLS[scope], { token, status: 403, challenge });
    if (this.#asked.has(scope)) this.#wait(6000);
    else if (!this.#authorize([...this.#granted, scope])) this.#wait(1000);
    else if (this.#granted.includes(scope)) this.log.call(TOOLS[scope], { token: this.#token });
  }

  #askModel(): void {
    const id = `call_${this.#seed}_${this.#count}`;
    this.log.ask('search', id);
    this.#call('r');
    this.log.tell(id, 'done');
  }

  #signOut(): void {
    if (this.#token === null) return;
    if (this.#random(2) === 0) this.log.revoke();
    this.#token = null;
    this.#refreshToken = null;
    this.#asked.clear();
    this.#wait(20_000);
  }
}
