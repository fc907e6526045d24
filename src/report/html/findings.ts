import type { Exchange } from '../../exchange/exchange.ts';
import type { Evidence, Outcome } from '../../rules/outcome.ts';
import { findRule } from '../../rules/registry.ts';
import type { Analysis } from '../analysis.ts';
import { partName, quote } from '../evidence.ts';
import { byOccasion, type Occasions } from '../occasions.ts';
import type { Result } from '../result.ts';
import { shorten } from '../text.ts';
import { count, partyNames } from '../words.ts';
import { html, type Markup } from './markup.ts';

/** Every fault, then every harm that is nobody's fault, each with the characters that prove it. */
export function findings(analysis: Analysis): Markup {
  const shown = analysis.result.outcomes.filter(
    (outcome) => outcome.kind === 'fail' || outcome.kind === 'informational',
  );
  const list =
    shown.length === 0
      ? html`<p>No fault was found in what was recorded.</p>`
      : html`${byOccasion(shown).map((occasions) => finding(occasions, analysis.exchanges))}`;
  return html`<h2 id="findings">Findings</h2>${list}`;
}

function finding({ first, more }: Occasions, exchanges: readonly Exchange[]): Markup {
  const level = first.kind === 'fail' ? first.level : 'info';
  const others = more.map((outcome) => html`<li>${occasion(outcome, exchanges)}</li>`);
  return html`<article class="finding ${level}">
<header><span class="badge ${level}">${level}</span> <h3>${findRule(first.rule)?.title ?? first.rule}</h3></header>
<p class="soft small"><code>${first.rule}</code>, by the ${partyNames[first.party]}, <span class="mono">${first.subject}</span></p>
${occasion(first, exchanges)}
${others.length === 0 ? null : html`<details><summary>${count(more.length, 'more occasion')}: ${more.flatMap((outcome) => outcome.evidence[0]?.entry ?? []).map((entry) => `#${entry} `)}</summary><ul class="occasions">${others}</ul></details>`}
<dl class="mend"><dt>Fix</dt><dd>${first.fix}</dd>${first.spec.length === 0 ? null : html`<dt>Specification</dt><dd>${first.spec.map(link)}</dd>`}</dl>
</article>`;
}

function occasion(outcome: Outcome, exchanges: readonly Exchange[]): Markup {
  const hidden = outcome.evidence.length - shownEvidence;
  return html`<p class="message">${outcome.message}</p>
<ul class="evidence">${outcome.evidence.slice(0, shownEvidence).map((evidence) => proof(evidence, exchanges[evidence.entry]))}</ul>
${hidden > 0 ? html`<p class="soft small">and ${count(hidden, 'place')} more</p>` : null}`;
}

const shownEvidence = 6;

function proof(evidence: Evidence, exchange: Exchange | undefined): Markup {
  const found = exchange === undefined ? null : quote(exchange, evidence, 90);
  const title = exchange === undefined ? '' : `${exchange.method} ${shorten(withoutQuery(exchange.url), 90)}`;
  return html`<li><strong>#${evidence.entry}</strong> <span class="mono">${title}</span> <span class="soft small">${partName(evidence.part)}${evidence.note === '' ? '' : `: ${shorten(evidence.note, 300)}`}</span>
${found === null ? null : html`<span class="quote">${found.before}${found.quoted === '' ? null : html`<mark>${found.quoted}</mark>`}${found.after}</span>`}</li>`;
}

function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

/** Addresses come from our own rule table; anything but https is shown as text all the same. */
function link(address: string): Markup {
  const text = shorten(address.replace('https://', ''), 110);
  return address.startsWith('https://')
    ? html`<a href="${address}" rel="noreferrer noopener">${text}</a><br>`
    : html`${text}<br>`;
}

/** What could not be judged, and what would have to be recorded to judge it. */
export function undecided(result: Result): Markup {
  const byRule = new Map<string, Outcome[]>();
  for (const outcome of result.outcomes) {
    if (outcome.kind !== 'open') continue;
    byRule.set(outcome.rule, [...(byRule.get(outcome.rule) ?? []), outcome]);
  }
  if (byRule.size === 0) return html``;
  const rows = [...byRule].map(([rule, outcomes]) => {
    const missing = [...new Set(outcomes.flatMap((outcome) => outcome.missing ?? []))];
    return html`<tr><td><code>${rule}</code>${outcomes.length > 1 ? html` <span class="soft">${outcomes.length}×</span>` : null}</td><td>${outcomes[0]?.message ?? ''}</td><td>${missing.map((one) => one.replaceAll('-', ' ')).join(', ')}</td></tr>`;
  });
  return html`<h2 id="undecided">What could not be seen</h2>
<div class="scroll"><table><thead><tr><th scope="col">Check</th><th scope="col">Why it is open</th><th scope="col">What would decide it</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** All checks that had an occasion, folded. */
export function allChecks(result: Result): Markup {
  const passed = result.outcomes.filter((outcome) => outcome.kind === 'pass');
  const { pass, open, notApplicable } = result.summary;
  const rows = passed.map(
    (outcome) =>
      html`<tr><td><span class="badge pass">pass</span></td><td><code>${outcome.rule}</code></td><td>${outcome.message}</td><td>${outcome.evidence[0] === undefined ? '' : `#${outcome.evidence[0].entry}`}</td></tr>`,
  );
  const table =
    rows.length === 0
      ? null
      : html`<details><summary>Show the ${count(passed.length, 'check')} that passed</summary><div class="scroll"><table><thead><tr><th scope="col">Verdict</th><th scope="col">Check</th><th scope="col">Seen</th><th scope="col">Exchange</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
  return html`<h2 id="checks">All checks</h2><p>${pass} passed, ${open} could not be decided, ${notApplicable} did not apply.</p>${table}`;
}
