import { sha256 } from '@noble/hashes/sha2.js';
import type { Analysis } from '../analysis.ts';
import { base64OfBytes } from '../redaction/encoding.ts';
import type { Result } from '../result.ts';
import { defaultExport, type ExportOptions, shareable } from '../share.ts';
import { verdicts } from '../verdicts.ts';
import { count, duration } from '../words.ts';
import { allChecks, expectations, unseen } from './checks.ts';
import { findings, shownFindings } from './findings.ts';
import { html, Markup } from './markup.ts';
import { notes } from './notes.ts';
import { scopeMatrices } from './scopes.ts';
import { drawnSignIns, sequences } from './sequence.ts';
import { style } from './style.ts';
import { recoveries, tokens } from './tables.ts';

/** One self-contained HTML page: no script, nothing loaded, every text of strangers shown as text. */
export function htmlReport(analysis: Analysis, options: ExportOptions = defaultExport): string {
  const shown = shareable(analysis, options);
  const { result } = shown;
  const hash = base64OfBytes(sha256(new TextEncoder().encode(style)));
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const parts = partsOf(shown);
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${shown.notes.name ?? result.source.name}: MCP authorization report</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
${head(shown)}
${strip(shown)}
${contents(parts)}
${parts.map(({ id, title, body }) => html`<section aria-labelledby="${id}">\n<h2 id="${id}">${title}</h2>\n${body}\n</section>`)}
${foot(result)}
</main>
</body>
</html>
`;
  return page.text;
}

interface Part {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

/** The parts that have something to tell, in their order. */
function partsOf(shown: Analysis): readonly Part[] {
  const { result, exchanges } = shown;
  const found = shownFindings(result);
  const signIns = drawnSignIns(shown);
  const drawn = new Set(signIns.flatMap(({ rows }) => rows.map(({ exchange }) => exchange.entry)));
  const parts: readonly Part[] = [
    { id: 'findings', title: 'Findings', body: findings(found, { exchanges, drawn }) },
    { id: 'notes', title: 'Notes', body: notes(shown) },
    { id: 'sign-ins', title: 'Sign-ins', body: sequences(signIns, shown, found) },
    { id: 'scopes', title: 'Scopes over time', body: scopeMatrices(shown) },
    { id: 'recoveries', title: 'Refused requests and what followed', body: recoveries(result) },
    { id: 'tokens', title: 'Tokens', body: tokens(result) },
    { id: 'unseen', title: 'What could not be seen', body: unseen(result) },
    { id: 'expected', title: 'Expected faults', body: expectations(result) },
    { id: 'checks', title: 'All checks', body: allChecks(result) },
  ];
  return parts.filter(({ body }) => body.text !== '');
}

function contents(parts: readonly Part[]): Markup {
  return html`<nav aria-label="Contents"><ul>${parts.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}

function head({ result: { source, story }, notes: { name } }: Analysis): Markup {
  const length = Date.parse(source.lastFinished ?? '') - Date.parse(source.firstStarted ?? '');
  const servers = story.servers.map(
    (server) =>
      html`<li><code>${server.url}</code> ${server.specVersion === null ? 'revision unknown' : `MCP ${server.specVersion}`}, ${count(server.calls, 'call')}</li>`,
  );
  return html`<h1>${name ?? source.name}</h1>
<p class="soft">MCP authorization report${name === null ? '' : ` of ${source.name}`}</p>
<ul class="facts">
<li>${count(source.entries, 'exchange')}</li>
${source.firstStarted === null ? null : html`<li>recorded ${dateTime(source.firstStarted)}${Number.isFinite(length) ? `, ${duration(length)}` : ''}</li>`}
${source.creator === '' ? null : html`<li>by ${source.creator}</li>`}
${servers}
</ul>`;
}

function dateTime(rfc3339: string): string {
  return `${rfc3339.slice(0, 10)} ${rfc3339.slice(11, 16)} UTC`;
}

function strip({ result, suppressed }: Analysis): Markup {
  const cells = verdicts(result, suppressed?.outcomes).map(
    (verdict) => html`<li class="cell ${verdict.state === 'fail' ? verdict.level : verdict.state}">
<p class="question">${verdict.question}</p>
<p class="answer">${stateWords[verdict.state]}${verdict.phrase}</p>
<p class="detail">${verdict.detail}</p>
</li>`,
  );
  return html`<section aria-label="Verdicts"><ul class="strip">${cells}</ul></section>`;
}

const stateWords = { pass: '✓ ', fail: '✗ ', open: '? ', none: '' } as const;

function foot(result: Result): Markup {
  const redacted = result.source.redacted
    ? 'Secrets and personal texts are replaced by aliases, the same everywhere in this report: at-1 is an access token, rt-1 a refresh token, code-1 an authorization code.'
    : 'Nothing in this report is redacted: treat it like a password.';
  return html`<footer><p>${redacted}</p><p>${result.tool.name} ${result.tool.version}</p></footer>`;
}
