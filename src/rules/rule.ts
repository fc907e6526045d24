import type { Revision } from '../protocol/mcp.ts';
import type { Story } from '../story/model.ts';
import type { Missing } from './missing.ts';
import type { Evidence, Kind, Level, Party } from './outcome.ts';

/** A place in a specification, with its exact address. */
export interface SpecLink {
  readonly text: string;
  readonly url: string;
}

/**
 * A rule: what it is called, what it rests on, and a pure function from the story to judgements.
 * Its folder `rules/<id>/` holds this as `rule.ts` and its page as `page.md`; there is nothing to register.
 */
export interface Rule {
  /** The catalogue's id, the folder's name. */
  readonly id: string;
  /** The fault in a few words. */
  readonly title: string;
  readonly party: Party;
  /** The level of an ordinary failure: MUST error, SHOULD warning, MAY or advice note. */
  readonly level: Exclude<Level, 'none'>;
  /** The first revision that asks for it; null when no MCP revision does (an RFC, a proposal, advice). */
  readonly since: Revision | null;
  /** Other names of the same rule, as the conformance suite uses them. */
  readonly aliases: readonly string[];
  readonly spec: readonly SpecLink[];
  /** One sentence: what to change. */
  readonly fix: string;
  readonly judge: (story: Story) => Iterable<Judgement>;
}

/** One occasion judged; the rule's own party, spec links and fix are added when it becomes an outcome. */
export interface Judgement {
  readonly kind: Kind;
  /** Only with kind `fail`; the rule's own level when left out. */
  readonly level?: Exclude<Level, 'none'>;
  readonly party?: Party;
  readonly subject: string;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** Only with kind `open`: what the recording does not show. */
  readonly missing?: readonly Missing[];
  readonly fix?: string;
  /** What distinguishes this occasion from others of the same rule and subject; by default the first evidence's entry. */
  readonly occasion?: string;
}

/** Gives a rule its type, and its optional members their defaults. */
export function defineRule(rule: Omit<Rule, 'aliases'> & { readonly aliases?: readonly string[] }): Rule {
  return { ...rule, aliases: rule.aliases ?? [] };
}
