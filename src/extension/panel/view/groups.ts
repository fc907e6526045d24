import type { Grant, Recovery, Role } from '../../../story/model.ts';
import { strings } from '../strings.ts';
import type { StoryIndex } from './story-index.ts';
import { host } from './words.ts';

/** A sign-in, a step-up or a recovery: the exchanges that belong together. */
export interface Group {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly entries: readonly number[];
}

/** Gathers what belongs together; an entry stands in one group only. Costs no more for many ordinary calls. */
export function gatherGroups(index: StoryIndex, crowded: boolean): readonly Group[] {
  const members = assign(index);
  const heads = headsOf(index, crowded);
  return [...members].flatMap(([id, entries]) => {
    const head = heads.get(id);
    return head === undefined ? [] : [{ id, ...head, entries }];
  });
}

function assign(index: StoryIndex): ReadonlyMap<string, number[]> {
  const { story } = index;
  const home = new Map<number, string>();
  const members = new Map<string, number[]>();
  const claim = (entry: number, id: string): void => {
    if (home.has(entry)) return;
    home.set(entry, id);
    const known = members.get(id);
    if (known === undefined) members.set(id, [entry]);
    else known.push(entry);
  };
  const preparations = new Preparations(index);
  let settled = Number.NEGATIVE_INFINITY;
  for (const grant of story.grants) {
    for (const entry of grantEntries(grant, preparations, settled)) claim(entry, grant.id);
    settled = Math.max(settled, grant.token?.exchange.sent ?? grant.authorization?.exchange.sent ?? settled);
  }
  for (const recovery of story.recoveries) {
    // The retry and what led to it stand with the sign-in that mended it, if there was one.
    const mended = recovery.entries.flatMap((entry) => home.get(entry) ?? [])[0];
    if (mended === undefined && recovery.entries.length < 2) continue;
    for (const entry of recovery.entries) claim(entry, mended ?? recoveryId(recovery));
  }
  return members;
}

function recoveryId(recovery: Recovery): string {
  return `recovery-${recovery.call.exchange.entry}`;
}

const preparing: ReadonlySet<Role['kind']> = new Set([
  'protected-resource-metadata',
  'authorization-server-metadata',
  'client-id-metadata-document',
  'registration',
  'pushed-authorization-request',
  'authorization-page',
  'jwks',
]);

interface Part {
  readonly entry: number;
  readonly role: Role;
  readonly sent: number;
}

/** What clients do before they ask for authorization, in time order; and what each grant is known to own. */
class Preparations {
  readonly #parts: readonly Part[];
  readonly #owned = new Map<string, number[]>();

  constructor({ story, exchanges }: StoryIndex) {
    const parts: Part[] = [];
    for (const [entry, role] of story.rolesBesideCalls) {
      const sent = exchanges[entry]?.sent ?? Number.NaN;
      if (preparing.has(role.kind) && !Number.isNaN(sent)) parts.push({ entry, role, sent });
      if (role.grant === null || role.kind === 'refresh') continue;
      const known = this.#owned.get(role.grant);
      if (known === undefined) this.#owned.set(role.grant, [entry]);
      else known.push(entry);
    }
    this.#parts = parts.sort((a, b) => a.sent - b.sent || a.entry - b.entry);
  }

  ownedBy(grant: string): readonly number[] {
    return this.#owned.get(grant) ?? [];
  }

  *between(from: number, until: number): Generator<Part> {
    let low = 0;
    let high = this.#parts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#parts[middle]?.sent ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    for (let part = this.#parts[low]; part !== undefined && part.sent <= until; part = this.#parts[low]) {
      yield part;
      low += 1;
    }
  }
}

/** How long before its request a sign-in may have been prepared, in milliseconds. */
const lookBack = 60_000;

/** The challenge, the discovery and registration before the request, the request, the answer, the code exchange. */
function grantEntries(grant: Grant, preparations: Preparations, settled: number): number[] {
  const own = [grant.authorization, grant.callback, grant.token].flatMap((part) => part?.exchange ?? []);
  const challenges = grant.challenges.map((call) => call.exchange);
  const times = [...own, ...challenges].map((exchange) => exchange.sent);
  const first = Math.min(...times);
  // A client may prepare before it is refused: without a challenge to begin with, look back a little.
  const from = challenges.length > 0 ? first : Math.max(settled, first - lookBack);
  const entries = [...challenges, ...own].map((exchange) => exchange.entry);
  entries.push(...preparations.ownedBy(grant.id));
  for (const { entry, role } of preparations.between(from, Math.max(...times))) {
    const related =
      (role.issuer !== null && role.issuer === grant.issuer) ||
      (role.server !== null && role.server === grant.server?.url) ||
      // Bound to nothing because its body was not seen: the time is all that is left to go by.
      (role.server === null && role.issuer === null);
    if (related) entries.push(entry);
  }
  return entries;
}

type Head = Pick<Group, 'title' | 'note'>;

function headsOf({ story }: StoryIndex, crowded: boolean): ReadonlyMap<string, Head> {
  const heads = new Map<string, Head>();
  const say = strings.flow;
  const note = (...words: readonly string[]): string => words.filter((word) => word !== '').join(' · ');
  const where = (server: string | undefined): string => (crowded && server !== undefined ? host(server) : '');
  let signIns = 0;
  let stepUps = 0;
  for (const grant of story.grants) {
    const title = grant.cause === 'step-up' ? say.stepUp(++stepUps) : say.signIn(++signIns);
    const granted = grant.granted === null ? say.notGranted : say.granted(grant.granted);
    heads.set(grant.id, { title, note: note(where(grant.server?.url), say.causes[grant.cause], granted) });
  }
  for (const recovery of story.recoveries) {
    const failed = recovery.how === 'surfaced' || recovery.how === 'none';
    const took = recovery.ms === null ? '' : say.took(recovery.ms);
    heads.set(recoveryId(recovery), {
      title: failed ? say.noRecovery(recovery.status) : say.recovery(recovery.status),
      note: note(where(recovery.call.server), say.how[recovery.how], took),
    });
  }
  return heads;
}
