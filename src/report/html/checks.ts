import type { Result } from '../result.ts';
import { shorten } from '../text.ts';
import { undecidedByLift } from '../undecided.ts';
import { count, expectationWords } from '../words.ts';
import { html, type Markup, wide } from './markup.ts';

/** What could not be read, what could not be judged, and what would have to be recorded to judge it. */
export function unseen(result: Result): Markup {
  return html`${unreadable(result)}${undecided(result)}`;
}

const shownProblems = 20;

/** What of the recording is damaged: a file cut off, entries without a time. */
function unreadable({ source: { problems } }: Result): Markup {
  if (problems.length === 0) return html``;
  const rows = problems
    .slice(0, shownProblems)
    .map(
      ({ entry, field, problem }) =>
        html`<li>${entry < 0 ? 'The file' : `#${entry}`}${field === '' ? '' : html` <code>${shorten(field, 80)}</code>`}: ${shorten(problem, 300)}</li>`,
    );
  const more = problems.length - rows.length;
  return html`<p>${count(problems.length, 'part')} of the recording could not be read:</p><ul>${rows}${more > 0 ? html`<li>and ${more} more</li>` : null}</ul>`;
}

function undecided(result: Result): Markup {
  const byLift = undecidedByLift(result.outcomes);
  if (byLift.size === 0) return html``;
  const rows = [...byLift].flatMap(([lift, rules]) =>
    rules.map(
      ({ rule, outcomes, missing }) =>
        html`<tr><td><code>${rule}</code>${outcomes.length > 1 ? html` <span class="soft">${outcomes.length}×</span>` : null}</td><td>${outcomes[0]?.message ?? ''}</td><td>${missing.join(', ')}</td><td>${lift}</td></tr>`,
    ),
  );
  return wide(
    'Checks that could not be decided',
    html`<table><thead><tr><th scope="col">Check</th><th scope="col">Why it is open</th><th scope="col">Not seen</th><th scope="col">What would decide it</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** Faults that a configuration expects, and what became of them. */
export function expectations({ expectations: list = [] }: Result): Markup {
  if (list.length === 0) return html``;
  const rows = list.map(
    ({ rule, server, reason, expires, state }) =>
      html`<tr><td><code>${rule}</code>${server === null ? null : html` at <code>${server}</code>`}</td><td>${reason}</td><td>${expires ?? ''}</td><td>${expectationWords[state]}</td></tr>`,
  );
  return wide(
    'Expected faults',
    html`<table><thead><tr><th scope="col">Check</th><th scope="col">Why it is expected</th><th scope="col">Until</th><th scope="col">Seen</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
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
      : html`<details><summary>Show the ${count(passed.length, 'check')} that passed</summary>${wide('Checks that passed', html`<table><thead><tr><th scope="col">Verdict</th><th scope="col">Check</th><th scope="col">Seen</th><th scope="col">Exchange</th></tr></thead><tbody>${rows}</tbody></table>`)}</details>`;
  return html`<p>${pass} passed, ${open} could not be decided, ${notApplicable} did not apply.</p>${table}`;
}
