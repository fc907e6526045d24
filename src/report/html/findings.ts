import type { Exchange } from '../../exchange/exchange.ts';
import type { Evidence, Outcome } from '../../rules/outcome.ts';
import { findRule } from '../../rules/registry.ts';
import { partName, quote } from '../evidence.ts';
import { byOccasion, type Occasions } from '../occasions.ts';
import type { Result, ResultOutcome } from '../result.ts';
import { shorten } from '../text.ts';
import { count, partyNames } from '../words.ts';
import { html, type Markup } from './markup.ts';

/** Findings as they are shown: faults first, then harm that is nobody's fault, the occasions of one fault together. */
export function shownFindings({ outcomes }: Result): readonly Occasions[] {
  return byOccasion(outcomes.filter((outcome) => outcome.kind === 'fail' || outcome.kind === 'informational'));
}

/** What the findings' evidence refers to. */
export interface Evidenced {
  readonly exchanges: readonly Exchange[];
  /** Entries that the drawings of the sign-ins show: evidence there is a link to the place. */
  readonly drawn: ReadonlySet<number>;
}

/** Every finding with the characters that prove it. */
export function findings(shown: readonly Occasions[], about: Evidenced): Markup {
  return shown.length === 0
    ? html`<p>No fault was found in what was recorded.</p>`
    : html`${shown.map((occasions, index) => finding(occasions, index, about))}`;
}

/** Where a finding stands in the page. */
export function findingId(index: number): string {
  return `finding-${index + 1}`;
}

function finding({ first, more }: Occasions, index: number, about: Evidenced): Markup {
  const level = first.kind === 'fail' ? first.level : 'info';
  const others = more.map((outcome) => html`<li>${occasion(outcome, about)}</li>`);
  return html`<article class="finding ${level}" id="${findingId(index)}">
<header><span class="badge ${level}">${level}</span> <h3>${findRule(first.rule)?.title ?? first.rule}</h3></header>
<p class="soft small"><code>${first.rule}</code>, by the ${partyNames[first.party]}, <span class="mono">${first.subject}</span></p>
${mark(first)}
${occasion(first, about)}
${others.length === 0 ? null : html`<details class="more"><summary>${count(more.length, 'more occasion')}: ${more.flatMap((outcome) => outcome.evidence[0]?.entry ?? []).map((entry) => `#${entry} `)}</summary><ul class="occasions">${others}</ul></details>`}
<dl class="mend"><dt>Fix</dt><dd>${first.fix}</dd>${first.spec.length === 0 ? null : html`<dt>Specification</dt><dd>${first.spec.map(link)}</dd>`}</dl>
</article>`;
}

/** Why a fault does not count. */
function mark({ baselineState, expected }: ResultOutcome): Markup | null {
  if (expected !== undefined)
    return html`<p class="mark">Expected${expected.expires === null ? '' : ` until ${expected.expires}`}: ${expected.reason}</p>`;
  return baselineState === 'unchanged' ? html`<p class="mark">Known from the baseline.</p>` : null;
}

function occasion(outcome: Outcome, about: Evidenced): Markup {
  const hidden = outcome.evidence.length - shownEvidence;
  return html`<p class="message">${outcome.message}</p>
<ul class="evidence">${outcome.evidence.slice(0, shownEvidence).map((evidence) => proof(evidence, about))}</ul>
${hidden > 0 ? html`<p class="soft small">and ${count(hidden, 'place')} more</p>` : null}`;
}

const shownEvidence = 6;

function proof(evidence: Evidence, { exchanges, drawn }: Evidenced): Markup {
  const exchange = exchanges[evidence.entry];
  const number = drawn.has(evidence.entry)
    ? html`<a href="#${exchangeId(evidence.entry)}">#${evidence.entry}</a>`
    : html`#${evidence.entry}`;
  const found = exchange === undefined ? null : quote(exchange, evidence, 90);
  const title = exchange === undefined ? '' : `${exchange.method} ${shorten(withoutQuery(exchange.url), 90)}`;
  return html`<li><strong>${number}</strong> <span class="mono">${title}</span> <span class="soft small">${partName(evidence.part)}${evidence.note === '' ? '' : `: ${shorten(evidence.note, 300)}`}</span>
${found === null ? null : html`<span class="quote">${found.before}${found.quoted === '' ? null : html`<mark>${found.quoted}</mark>`}${found.after}</span>`}</li>`;
}

/** Where an exchange stands in the drawing of its sign-in. */
export function exchangeId(entry: number): string {
  return `exchange-${entry}`;
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
