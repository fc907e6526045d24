import type { Outcome } from '../../../rules/outcome.ts';
import type { StoryIndex } from './story-index.ts';

/** How one authorization request treated the scopes that came before it. */
export interface ScopeChange {
  readonly before: readonly string[];
  readonly challenged: readonly string[] | null;
  readonly now: readonly string[];
  readonly lost: readonly string[];
  readonly should: readonly string[];
}

const scopeRules: readonly string[] = [
  'sep-2350-scope-union-on-reauth',
  'reauth-401-scope-dropped',
  'challenge-scope-authoritative',
  'scope-step-up-escalation',
];

/** The change that a finding about scopes speaks of; null for other findings. */
export function scopeChange(outcome: Outcome, index: StoryIndex): ScopeChange | null {
  if (!scopeRules.includes(outcome.rule)) return null;
  for (const { entry } of outcome.evidence) {
    const grant = index.grants.get(entry);
    if (grant?.authorization?.exchange.entry !== entry) continue;
    const chain = index.story.chains.find((candidate) => candidate.id === grant.chain);
    const earlier = chain?.grants.slice(0, chain.grants.indexOf(grant)) ?? [];
    const previous = earlier.findLast((other) => other.requested !== null || other.granted !== null);
    const before = previous?.requested ?? previous?.granted ?? [];
    const challenged = grant.challenges.findLast((call) => call.challenge?.scope)?.challenge?.scope ?? null;
    const now = grant.requested ?? [];
    const should = [...new Set([...before, ...(challenged ?? [])])];
    return { before, challenged, now, lost: should.filter((scope) => !now.includes(scope)), should };
  }
  return null;
}
