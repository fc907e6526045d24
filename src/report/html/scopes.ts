import type { Chain, Grant } from '../../story/model.ts';
import type { Analysis } from '../analysis.ts';
import { html, type Markup, wide } from './markup.ts';

/** Scopes over time: for each client at each server, what was challenged, requested and granted at each sign-in. */
export function scopeMatrices(analysis: Analysis): Markup {
  return html`${analysis.story.chains.flatMap(matrices)}`;
}

/** As many tables as it takes for none to be wider than a page. */
function matrices(chain: Chain): readonly Markup[] {
  const grants = chain.grants.slice(0, shownGrants);
  const scopes = [
    ...new Set(grants.flatMap((grant) => [...challenged(grant), ...(grant.requested ?? []), ...(grant.granted ?? [])])),
  ];
  if (scopes.length === 0) return [];
  const held = heldBefore(grants);
  const tables: Markup[] = [];
  for (let at = 0; at < grants.length; at += abreast)
    tables.push(matrix(chain, grants.slice(at, at + abreast), held.slice(at, at + abreast), scopes));
  return tables;
}

function matrix(
  chain: Chain,
  grants: readonly Grant[],
  held: readonly ReadonlySet<string>[],
  scopes: readonly string[],
): Markup {
  const heads = grants.map(
    (grant) => html`<th scope="colgroup" colspan="3" class="first">${grant.id} ${causes[grant.cause]}</th>`,
  );
  const subheads = grants.map(
    () => html`<th scope="col" class="first">challenged</th><th scope="col">requested</th><th scope="col">granted</th>`,
  );
  const rows = scopes
    .slice(0, shownScopes)
    .map(
      (scope) =>
        html`<tr><th scope="row">${scope}</th>${grants.map((grant, index) => cells(scope, grant, held[index] ?? new Set()))}</tr>`,
    );
  const hidden = chain.grants.length - shownGrants;
  return wide(
    `Scopes of ${grants.map((grant) => grant.id).join(', ')}`,
    html`<table class="matrix"><caption>${chain.server?.url ?? 'server unknown'} at ${chain.issuer}${hidden > 0 ? `; ${hidden} later sign-ins are not shown` : ''}</caption>
<thead><tr><td></td>${heads}</tr><tr><td></td>${subheads}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

const shownGrants = 16;
const abreast = 3;
const shownScopes = 60;

const causes: Readonly<Record<Grant['cause'], string>> = {
  initial: 'first sign-in',
  '401': 'after a 401',
  'step-up': 'step-up',
  user: 'by the user',
  unknown: '',
};

function challenged(grant: Grant): readonly string[] {
  return grant.challenges.flatMap((call) => call.challenge?.scope ?? []);
}

/** For each sign-in, the scopes that earlier ones had both asked for and been given. */
function heldBefore(grants: readonly Grant[]): readonly ReadonlySet<string>[] {
  const held = new Set<string>();
  return grants.map((grant) => {
    const before = new Set(held);
    const granted = new Set(grant.granted ?? []);
    for (const scope of grant.requested ?? []) if (granted.has(scope)) held.add(scope);
    return before;
  });
}

function cells(scope: string, grant: Grant, before: ReadonlySet<string>): Markup {
  const asked = challenged(grant).includes(scope)
    ? html`<td class="first asked">●</td>`
    : html`<td class="first"></td>`;
  const requested =
    grant.requested === null
      ? html`<td class="soft">?</td>`
      : grant.requested.includes(scope)
        ? html`<td class="yes">✓</td>`
        : before.has(scope)
          ? html`<td class="lost">left out</td>`
          : html`<td></td>`;
  const granted =
    grant.granted === null
      ? html`<td class="soft">?</td>`
      : grant.granted.includes(scope)
        ? html`<td class="yes">✓</td>`
        : before.has(scope)
          ? html`<td class="lost">lost</td>`
          : html`<td></td>`;
  return html`${asked}${requested}${granted}`;
}
