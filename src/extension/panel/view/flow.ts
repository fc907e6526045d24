import type { Exchange } from '../../../exchange/exchange.ts';
import type { Grant, Recovery, Role } from '../../../story/model.ts';
import { strings } from '../strings.ts';
import type { StoryIndex } from './story-index.ts';
import { inWords } from './words.ts';

/** Who takes part, from left to right. */
export type Lane = 'page' | 'server' | 'authorization-server' | 'model';
export const lanes: readonly Lane[] = ['page', 'server', 'authorization-server', 'model'];

export interface FlowRow {
  readonly kind: 'row';
  readonly exchange: Exchange;
  readonly role: Role | null;
  readonly from: Lane;
  readonly to: Lane;
  readonly what: string;
  readonly note: string;
  /** Highest level among the findings that rest on it. */
  readonly mark: 'error' | 'warning' | 'note' | 'informational' | null;
  /** Id of the group it stands in. */
  readonly group: string | null;
}

export interface FlowGroup {
  readonly kind: 'group';
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly rows: readonly FlowRow[];
  readonly mark: FlowRow['mark'];
}

/** A pause with nothing in it, long enough to be told. */
export interface FlowGap {
  readonly kind: 'gap';
  readonly ms: number;
  readonly before: number;
}

export interface Flow {
  /** Groups and rows that stand alone, by time of the first request. */
  readonly items: readonly (FlowGroup | FlowRow)[];
  /** Lanes that took part. */
  readonly lanes: readonly Lane[];
  /** When the first exchange was sent, milliseconds since the epoch. */
  readonly start: number;
  /** Several MCP servers or issuers: rows then say which. */
  readonly crowded: boolean;
  readonly rows: number;
}

/**
 * Lays an analysis out in time. With `all`, exchanges outside the story
 * (documents, scripts, preflights) are rows too.
 */
export function layOutFlow(index: StoryIndex, all: boolean): Flow {
  const groupOf = assignGroups(index);
  const rows: FlowRow[] = [];
  for (const exchange of index.exchanges) {
    const role = index.role(exchange.entry);
    if (!all && (role === null || exchange.part !== 'request')) continue;
    rows.push(rowOf(exchange, role, groupOf.get(exchange.entry) ?? null, index));
  }
  rows.sort((a, b) => time(a) - time(b) || a.exchange.entry - b.exchange.entry);
  const byGroup = new Map<string, FlowRow[]>();
  for (const row of rows) {
    if (row.group === null) continue;
    const members = byGroup.get(row.group);
    if (members === undefined) byGroup.set(row.group, [row]);
    else members.push(row);
  }
  const heads = groupHeads(index);
  const items: (FlowGroup | FlowRow)[] = [];
  const placed = new Set<string>();
  for (const row of rows) {
    const head = row.group === null ? undefined : heads.get(row.group);
    if (row.group === null || head === undefined) items.push(row);
    else if (!placed.has(row.group)) {
      placed.add(row.group);
      const members = byGroup.get(row.group) ?? [];
      items.push({ kind: 'group', id: row.group, ...head, rows: members, mark: gravest(members.map((m) => m.mark)) });
    }
  }
  const used = new Set<Lane>(['page', ...rows.flatMap((row) => [row.from, row.to])]);
  return {
    items,
    lanes: lanes.filter((lane) => used.has(lane)),
    start: rows[0] === undefined ? 0 : time(rows[0]),
    crowded: index.story.servers.length > 1 || index.story.authorizationServers.length > 1,
    rows: rows.length,
  };
}

function time(row: FlowRow): number {
  return Number.isNaN(row.exchange.sent) ? 0 : row.exchange.sent;
}

function rowOf(exchange: Exchange, role: Role | null, group: string | null, index: StoryIndex): FlowRow {
  const lane = laneOf(role);
  const returns = role?.kind === 'authorization-response';
  const marks = (index.findings.get(exchange.entry) ?? []).map((at): FlowRow['mark'] => {
    const outcome = index.outcomes[at];
    if (outcome?.kind !== 'fail') return 'informational';
    return outcome.level === 'none' ? 'note' : outcome.level;
  });
  return {
    kind: 'row',
    exchange,
    role,
    from: returns ? 'authorization-server' : 'page',
    to: returns ? 'page' : lane,
    ...inWords(exchange, index),
    mark: gravest(marks),
    group,
  };
}

function laneOf(role: Role | null): Lane {
  switch (role?.kind) {
    case undefined:
    case 'client-id-metadata-document':
      return 'page';
    case 'mcp':
    case 'protected-resource-metadata':
      return 'server';
    case 'model':
      return 'model';
    default:
      return 'authorization-server';
  }
}

const gravity = ['error', 'warning', 'note', 'informational'] as const;

function gravest(marks: readonly FlowRow['mark'][]): FlowRow['mark'] {
  return gravity.find((mark) => marks.includes(mark)) ?? null;
}

/** Entries that belong to a sign-in, a step-up or a recovery; an entry stands in one group only. */
function assignGroups(index: StoryIndex): Map<number, string> {
  const { story } = index;
  const groups = new Map<number, string>();
  const claim = (entry: number, id: string): void => {
    if (!groups.has(entry)) groups.set(entry, id);
  };
  let settled = Number.NEGATIVE_INFINITY;
  for (const grant of story.grants) {
    for (const entry of grantEntries(grant, index, settled)) claim(entry, grant.id);
    settled = Math.max(settled, grant.token?.exchange.sent ?? grant.authorization?.exchange.sent ?? settled);
  }
  for (const recovery of story.recoveries) {
    // The retry and what led to it stand with the sign-in that mended it, if there was one.
    const home = recovery.entries.flatMap((entry) => groups.get(entry) ?? [])[0];
    const id = home ?? recoveryId(recovery);
    if (home === undefined && recovery.entries.length < 2) continue;
    for (const entry of recovery.entries) claim(entry, id);
  }
  return groups;
}

function recoveryId(recovery: Recovery): string {
  return `recovery-${recovery.call.exchange.entry}`;
}

const preparation: ReadonlySet<Role['kind']> = new Set([
  'protected-resource-metadata',
  'authorization-server-metadata',
  'client-id-metadata-document',
  'registration',
  'pushed-authorization-request',
  'authorization-page',
  'jwks',
]);

/** How long before its request a sign-in may have been prepared, in milliseconds. */
const lookBack = 60_000;

/** The challenge, the discovery and registration before the request, the request, the answer, the code exchange. */
function grantEntries(grant: Grant, index: StoryIndex, settled: number): number[] {
  const own = [grant.authorization, grant.callback, grant.token].flatMap((part) => part?.exchange ?? []);
  const challenges = grant.challenges.map((call) => call.exchange);
  const times = [...own, ...challenges].map((exchange) => exchange.sent);
  const first = Math.min(...times);
  // A client may prepare before it is refused: without a challenge to begin with, look back a little.
  const from = challenges.length > 0 ? first : Math.max(settled, first - lookBack);
  const until = Math.max(...times);
  const entries = [...challenges, ...own].map((exchange) => exchange.entry);
  for (const [entry, role] of index.story.roles) {
    if (role.grant === grant.id && role.kind !== 'mcp' && role.kind !== 'refresh') entries.push(entry);
    const { sent } = index.exchanges[entry] ?? { sent: Number.NaN };
    const related =
      (role.issuer !== null && role.issuer === grant.issuer) ||
      (role.server !== null && role.server === grant.server?.url) ||
      // Bound to nothing because its body was not seen: the time is all that is left to go by.
      (role.server === null && role.issuer === null);
    if (preparation.has(role.kind) && related && sent >= from && sent <= until) entries.push(entry);
  }
  return entries;
}

type Head = Pick<FlowGroup, 'title' | 'note'>;

function groupHeads(index: StoryIndex): ReadonlyMap<string, Head> {
  const heads = new Map<string, Head>();
  const say = strings.flow;
  let signIns = 0;
  let stepUps = 0;
  for (const grant of index.story.grants) {
    const step = grant.cause === 'step-up';
    const title = step ? say.stepUp(++stepUps) : say.signIn(++signIns);
    const granted = grant.granted === null ? say.notGranted : say.granted(grant.granted);
    heads.set(grant.id, { title, note: [say.causes[grant.cause], granted].filter((word) => word !== '').join(' · ') });
  }
  for (const recovery of index.story.recoveries) {
    const failed = recovery.how === 'surfaced' || recovery.how === 'none';
    const note = [say.how[recovery.how], recovery.ms === null ? '' : say.took(recovery.ms)];
    heads.set(recoveryId(recovery), {
      title: failed ? say.noRecovery(recovery.status) : say.recovery(recovery.status),
      note: note.filter((word) => word !== '').join(' · '),
    });
  }
  return heads;
}
