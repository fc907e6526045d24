import type { Result } from '../result.ts';
import { count, duration } from '../words.ts';
import { html, type Markup, wide } from './markup.ts';

/** What followed each 401 and 403. */
export function recoveries(result: Result): Markup {
  const rows = result.story.recoveries.map(
    (recovery) =>
      html`<tr><td>#${recovery.entry}</td><td>${recovery.status}</td><td>${howWords[recovery.how]}</td><td>${recovery.ms === null ? '' : duration(recovery.ms)}</td><td>${recovery.entries.map((entry) => `#${entry}`).join(' ')}</td></tr>`,
  );
  if (rows.length === 0) return html``;
  return wide(
    'Refused requests',
    html`<table><thead><tr><th scope="col">Exchange</th><th scope="col">Status</th><th scope="col">What followed</th><th scope="col">Took</th><th scope="col">Exchanges</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

const howWords = {
  'silent-refresh': 'refreshed silently and retried',
  'step-up': 'step-up authorization',
  'sign-in': 'the user signed in again',
  surfaced: 'the failure was handed on',
  none: 'nothing',
  unknown: 'unknown',
} as const;

/** The tokens by their aliases: what they were for, never what they are. */
export function tokens(result: Result): Markup {
  const rows = result.story.tokens.map((token) => {
    const life = Date.parse(token.expiresAt ?? '') - Date.parse(token.issuedAt ?? '');
    return html`<tr><td><code>${token.id}</code></td><td>${token.kind}, ${token.format}</td><td>${token.grant ?? ''}</td><td class="mono">${token.scope === null ? '' : token.scope.join(' ')}</td><td>${timeOf(token.issuedAt)}</td><td>${timeOf(token.expiresAt)}${Number.isFinite(life) ? html` <span class="soft">${duration(life)}</span>` : null}</td><td>${count(token.uses.length, 'request')}</td></tr>`;
  });
  if (rows.length === 0) return html``;
  return wide(
    'Tokens',
    html`<table><thead><tr><th scope="col">Alias</th><th scope="col">Kind</th><th scope="col">Sign-in</th><th scope="col">Scope</th><th scope="col">Issued</th><th scope="col">Expires</th><th scope="col">Used by</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function timeOf(rfc3339: string | null): string {
  return rfc3339 === null ? '' : rfc3339.slice(11, 19);
}
