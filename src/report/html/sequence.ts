import type { Exchange } from '../../exchange/exchange.ts';
import type { Grant, Story } from '../../story/model.ts';
import type { Analysis } from '../analysis.ts';
import { causeWords, signInExchanges } from '../sign-in.ts';
import { shorten, visibleLine } from '../text.ts';
import { duration } from '../words.ts';
import { html, type Markup } from './markup.ts';
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

/** Each sign-in as a sequence of exchanges between page, MCP server, authorization server and model. */
export function sequences(analysis: Analysis): Markup {
  const figures = analysis.story.grants
    .filter((grant) => grant.server !== null)
    .slice(0, shownGrants)
    .map((grant) => figure(grant, analysis));
  if (figures.length === 0) return html``;
  const hidden = analysis.story.grants.length - figures.length;
  return html`<h2 id="sign-ins">Sign-ins</h2>${figures}${hidden > 0 ? html`<p class="soft">${hidden} more are not drawn.</p>` : null}`;
}

const shownGrants = 12;
const shownRows = 40;

function figure(grant: Grant, analysis: Analysis): Markup {
  const rows = rowsOf(grant, analysis);
  const start = rows[0]?.exchange.sent ?? 0;
  const title = `${grant.id}: ${causeWords[grant.cause]} to ${grant.server?.url ?? 'an unknown server'}`;
  const table = rows.map(
    (row) =>
      html`<tr><td>${numbers(row)}</td><td>+${duration(row.exchange.sent - start)}</td><td>${laneWords[row.lane]}</td><td class="mono">${row.request}</td><td>${row.answer}</td></tr>`,
  );
  return html`<figure id="${grant.id}"><figcaption><strong>${grant.id}</strong> ${causeWords[grant.cause]} to <code>${grant.server?.url ?? '?'}</code> at <code>${grant.issuer}</code></figcaption>
<div class="scroll">${drawing(title, rows, grant)}</div>
<details><summary>As a table</summary><div class="scroll"><table><thead><tr><th scope="col">Exchange</th><th scope="col">Time</th><th scope="col">To</th><th scope="col">Request</th><th scope="col">Answer</th></tr></thead><tbody>${table}</tbody></table></div></details></figure>`;
}

const laneWords: Readonly<Record<Lane, string>> = {
  server: 'MCP server',
  issuer: 'authorization server',
  model: 'model',
};

/** The exchanges of the grant, each a row with its gravest fault. */
function rowsOf(grant: Grant, analysis: Analysis): readonly Row[] {
  const levels = levelsOf(analysis.result.outcomes);
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

function levelsOf(outcomes: Analysis['result']['outcomes']): ReadonlyMap<number, 'error' | 'warning' | 'note'> {
  const levels = new Map<number, 'error' | 'warning' | 'note'>();
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

function drawing(title: string, rows: readonly Row[], grant: Grant): Markup {
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
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}, ${rows.length} exchanges; the table below says the same"><text class="lane" x="${pageX}" y="22" text-anchor="middle">page</text>${names}${rails}${rows.map((row, index) => arrows(row, top + index * step, x(row.lane), start))}</svg>`;
}

/** A request to the right and its answer back, one under the other. */
function arrows(row: Row, y: number, to: number, start: number): Markup {
  const room = Math.floor((to - pageX - 40) / 6.6);
  const [above, below] = [y + 16, y + 36];
  const bad = row.failed ? ' bad' : '';
  const flag =
    row.level === null
      ? null
      : html`<rect class="flag ${row.level}" x="4" y="${y + 4}" width="42" height="19" rx="9"/>`;
  const request = row.redirect
    ? null
    : html`<line class="arrow" x1="${pageX}" y1="${above}" x2="${to - 8}" y2="${above}"/><polygon class="head" points="${to - 9},${above - 4} ${to},${above} ${to - 9},${above + 4}"/><text class="label" x="${pageX + 12}" y="${above - 5}">${shorten(row.request, room)}</text>`;
  return html`${flag}<text x="25" y="${y + 18}" text-anchor="middle">${numbers(row)}</text><text class="time" x="25" y="${y + 35}" text-anchor="middle">+${duration(row.exchange.sent - start)}</text>
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
