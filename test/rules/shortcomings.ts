import { missingSignal } from '../../src/rules/missing.ts';
import type { Rule } from '../../src/rules/rule.ts';

/** What the rule book holds of one rule. */
export interface Entry {
  readonly rule: Rule;
  /** Its page; null: it has none. */
  readonly page: string | null;
  /** The text of its tests, whose fixtures prove what it says; empty: it has none. */
  readonly tests: string;
}

/** What an entry of the rule book lacks, in words; none when it is complete. */
export function shortcomings({ rule, page, tests }: Entry): readonly string[] {
  const proven = (verdict: RegExp): boolean => verdict.test(tests);
  const faults = proven(/\b(error|warning|note)'/);
  // Advice that finds no fault has nothing to pass either: where it does not apply, it is silent.
  const isAdvice = !faults && proven(/\binformational'/);
  const silent = proven(/\.toEqual\(\[\]\)/);
  // What a page lists as unseen, the rule must be seen to leave open; a page that lists nothing promises silence.
  const canBeOpen = undecidedBy(page ?? '').length > 0;
  const lacks: readonly (readonly [boolean, string])[] = [
    [page === null || page.trim() === '', 'a page'],
    [!(proven(/\bpass'/) || (isAdvice && silent)), 'a passing fixture'],
    [!(faults || isAdvice), 'a failing fixture'],
    [!(proven(/\bopen'/) || (!canBeOpen && silent)), 'an undecided fixture'],
    [!rule.spec.some(({ url }) => URL.canParse(url) && new URL(url).protocol === 'https:'), 'a spec link'],
    [!isOneSentence(rule.fix), 'a fix'],
  ];
  return lacks.flatMap(([isLacking, what]) => (isLacking ? [what] : []));
}

/** The signals that a page names as what the rule may miss. */
function undecidedBy(page: string): readonly string[] {
  const section = (page.split('## Cannot tell\n')[1] ?? '').split('\n## ')[0] ?? '';
  return section.split('`').filter((word) => missingSignal(word) !== null);
}

/** Ends with its only full stop; one inside a word, as in `.well-known` or `2.1`, ends no sentence. */
export function isOneSentence(text: string): boolean {
  const ends = ['. ', '! ', '? ', '.\n'].some((end) => text.includes(end));
  return text.trim() === text && text.length > 10 && text.endsWith('.') && !ends && !text.includes('\n');
}
