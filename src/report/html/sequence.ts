import type { Exchange } from '../../exchange/exchange.ts';
import type { Grant, Story } from '../../story/model.ts';
import type { Analysis } from '../analysis.ts';
import type { Occasions } from '../occasions.ts';
import { causeWords, signInExchanges } from '../sign-in.ts';
import { shorten, visibleLine } from '../text.ts';
import { duration } from '../words.ts';
import { exchangeId, findingId } from './findings.ts';
import { html, type Markup, wide } from './markup.ts';
import { answerWords, requestWords } from './words.ts';

type Lane = 'server' | 'issuer' | 'model';

interface Row {
  readonly exchange: Exchange;
  /** The last of several exchanges drawn as one. */
  readonly last: Exchange;
  readonly lane: Lane;
  readonly request: string;
  readonly answer: string;
  readonly failed: boolean;
  /** The authorization response comes to the page by a redirect: it has no arrow of its own to a server. */
  readonly redirect: boolean;
  /** Gravest level of the faults that point here. */
  readonly level: 'error' | 'warning' | 'note' | null;
}

/** A sign-in with its exchanges, as it is drawn. */
interface SignIn {
  readonly grant: Grant;
  readonly rows: readonly Row[];
}

/** The sign-ins that are drawn. */
export function drawnSignIns(analysis: Analysis): readonly SignIn[] {
  const levels = levelsOf(analysis.result.outcomes);
  return analysis.story.grants
    .filter((grant) => grant.server !== null)
    .slice(0, shownGrants)
    .map((grant) => ({ grant, rows: rowsOf(grant, analysis, levels) }));
}

/** Each sign-in as a sequence of exchanges between page, MCP server, authorization server and model. */
export function sequences(signIns: readonly SignIn[], { story }: Analysis, findings: readonly Occasions[]): Markup {
  if (signIns.length === 0) return html``;
  const named = new Set<number>();
  const places = placesOf(findings);
  const figures = signIns.map((signIn) => figure(signIn, places, named));
  const hidden = story.grants.length - signIns.length;
  return html`${figures}${hidden > 0 ? html`<p class="soft">${hidden} more are not drawn.</p>` : null}`;
}

/** For each entry that a finding points at first, the finding's number. */
function placesOf(findings: readonly Occasions[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (const [index, { first, more }] of findings.entries()) {
    for (const { evidence } of [first, ...more]) {
      const entry = evidence[0]?.entry;
      if (entry !== undefined && !places.has(entry)) places.set(entry, index);
    }
  }
  return places;
}

const shownGrants = 12;
const shownRows = 40;

function figure({ grant, rows }: SignIn, places: ReadonlyMap<number, number>, named: Set<number>): Markup {
  const start = rows[0]?.exchange.sent ?? 0;
  const title = `${grant.id}: ${causeWords[grant.cause]} to ${grant.server?.url ?? 'an unknown server'}`;
  const table = rows.map(
    (row) =>
      html`<tr><td>${numbers(row)}</td><td>+${duration(row.exchange.sent - start)}</td><td>${laneWords[row.lane]}</td><td class="mono">${row.request}</td><td>${row.answer}</td><td>${findingOf(row, places)}</td></tr>`,
  );
  return html`<figure id="${grant.id}"><figcaption><strong>${grant.id}</strong> ${causeWords[grant.cause]} to <code>${grant.server?.url ?? '?'}</code> at <code>${grant.issuer}</code></figcaption>
${wide(`${grant.id}, drawn`, drawing(title, rows, grant, named))}
<details><summary>As a table</summary>${wide(`${grant.id} as a table`, html`<table><thead><tr><th scope="col">Exchange</th><th scope="col">Time</th><th scope="col">To</th><th scope="col">Request</th><th scope="col">Answer</th><th scope="col">Finding</th></tr></thead><tbody>${table}</tbody></table>`)}</details></figure>`;
}

function findingOf(row: Row, places: ReadonlyMap<number, number>): Markup | null {
  const index = places.get(row.exchange.entry);
  return index === undefined ? null : html`<a href="#${findingId(index)}">${row.level ?? 'info'}</a>`;
}

const laneWords: Readonly<Record<Lane, string>> = {
  server: 'MCP server',
  issuer: 'authorization server',
  model: 'model',
};

type Levels = ReadonlyMap<number, NonNullable<Row['level']>>;

/** The exchanges of the grant, each a row with its gravest fault. */
function rowsOf(grant: Grant, analysis: Analysis, levels: Levels): readonly Row[] {
  return signInExchanges(grant, analysis)
    .slice(0, shownRows)
    .map((exchange) => rowOf(exchange, analysis.story, levels.get(exchange.entry) ?? null))
    .reduce<Row[]>((rows, row) => joinPages(rows, row, analysis.story), []);
}

/** What passes between the user and the authorization server's pages is one row: nothing there is judged. */
function joinPages(rows: Row[], row: Row, story: Story): Row[] {
  const before = rows[rows.length - 1];
  const isPage = (one: Row): boolean =>
    story.roles.get(one.exchange.entry)?.kind === 'authorization-page' && one.level === null && !one.failed;
  if (before === undefined || !isPage(before) || !isPage(row)) return [...rows, row];
  return [
    ...rows.slice(0, -1),
    { ...before, last: row.exchange, request: 'pages of the authorization server', answer: row.answer },
  ];
}

function levelsOf(outcomes: Analysis['result']['outcomes']): Levels {
  const levels = new Map<number, NonNullable<Row['level']>>();
  for (const outcome of outcomes) {
    const [first] = outcome.evidence;
    // Outcomes come gravest first, so the first level of an entry stands.
    if (outcome.kind === 'fail' && outcome.level !== 'none' && first !== undefined && !levels.has(first.entry)) {
      levels.set(first.entry, outcome.level);
    }
  }
  return levels;
}

function rowOf(exchange: Exchange, story: Story, level: Row['level']): Row {
  const role = story.roles.get(exchange.entry);
  const toServer = role?.kind === 'mcp' || role?.kind === 'protected-resource-metadata';
  const { status } = exchange.response;
  return {
    exchange,
    last: exchange,
    lane: toServer ? 'server' : role?.kind === 'model' ? 'model' : 'issuer',
    request: requestWords(exchange, role ?? null, story),
    answer: answerWords(exchange, role ?? null, story),
    failed: status === 0 || status >= 400,
    redirect: role?.kind === 'authorization-response',
    level,
  };
}

const width = 1000;
const top = 56;
const step = 46;
const pageX = 120;

/** @param named entries that have their place in the page already: another sign-in's drawing shows them too */
function drawing(title: string, rows: readonly Row[], grant: Grant, named: Set<number>): Markup {
  const lanes: Lane[] = rows.some((row) => row.lane === 'model') ? ['server', 'issuer', 'model'] : ['server', 'issuer'];
  const space = (width - pageX - 130) / lanes.length;
  const x = (lane: Lane): number => Math.round(pageX + space * (lanes.indexOf(lane) + 1));
  const height = top + rows.length * step + 14;
  const hosts: Readonly<Record<Lane, string>> = {
    server: hostOf(grant.server?.url ?? ''),
    issuer: hostOf(grant.issuer),
    model: '',
  };
  const rails = [pageX, ...lanes.map(x)].map(
    (at) => html`<line class="rail" x1="${at}" y1="${top - 8}" x2="${at}" y2="${height - 8}"/>`,
  );
  const names = lanes.map(
    (lane) =>
      html`<text class="lane" x="${x(lane)}" y="22" text-anchor="middle">${laneWords[lane]}</text><text class="host" x="${x(lane)}" y="38" text-anchor="middle">${shorten(visibleLine(hosts[lane]), 44)}</text>`,
  );
  const start = rows[0]?.exchange.sent ?? 0;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}, ${rows.length} exchanges; the table below says the same"><text class="lane" x="${pageX}" y="22" text-anchor="middle">page</text>${names}${rails}${rows.map((row, index) => place(row, top + index * step, x(row.lane), start, named))}</svg>`;
}

/** An exchange at its place, which a link from a finding lights up. */
function place(row: Row, y: number, to: number, start: number, named: Set<number>): Markup {
  const { entry } = row.exchange;
  const drawn = html`<rect class="row" x="0" y="${y}" width="${width}" height="${step - 2}"/>${arrows(row, y, to, start)}`;
  if (named.has(entry)) return html`<g>${drawn}</g>`;
  named.add(entry);
  return html`<g id="${exchangeId(entry)}">${drawn}</g>`;
}

/** A request to the right and its answer back, one under the other. */
function arrows(row: Row, y: number, to: number, start: number): Markup {
  const room = Math.floor((to - pageX - 40) / 6.6);
  const [above, below] = [y + 16, y + 36];
  const bad = row.failed ? ' bad' : '';
  const flag =
    row.level === null
      ? null
      : html`<rect class="flag ${row.level}" x="15" y="${y + 4}" width="42" height="19" rx="9"/>`;
  const request = row.redirect
    ? null
    : html`<line class="arrow" x1="${pageX}" y1="${above}" x2="${to - 8}" y2="${above}"/><polygon class="head" points="${to - 9},${above - 4} ${to},${above} ${to - 9},${above + 4}"/><text class="label" x="${pageX + 12}" y="${above - 5}">${shorten(row.request, room)}</text>`;
  return html`${flag}<text x="36" y="${y + 18}" text-anchor="middle">${numbers(row)}</text><text class="time" x="36" y="${y + 35}" text-anchor="middle">+${duration(row.exchange.sent - start)}</text>
${request}
<line class="back${bad}" x1="${pageX + 8}" y1="${below}" x2="${to}" y2="${below}"/><polygon class="backhead${bad}" points="${pageX + 9},${below - 4} ${pageX},${below} ${pageX + 9},${below + 4}"/><text class="label${bad}" x="${to - 12}" y="${below - 5}" text-anchor="end">${shorten(row.redirect ? `redirect: ${row.answer}` : row.answer, room)}</text>`;
}

function numbers(row: Row): string {
  return row.last === row.exchange ? `#${row.exchange.entry}` : `#${row.exchange.entry}–${row.last.entry}`;
}

function hostOf(url: string): string {
  const start = url.indexOf('://');
  const rest = start < 0 ? url : url.slice(start + 3);
  const end = rest.search(/[/?#]/);
  return end < 0 ? rest : rest.slice(0, end);
}
