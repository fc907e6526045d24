import { visible } from '../../../report/text.ts';
import type { Outcome } from '../../../rules/outcome.ts';
import { strings } from '../strings.ts';
import { type Secrets, secretRanges, segments, shortened } from './secrets.ts';

/** A finding in plain words, to paste where it will be discussed; secrets are shortened as on the screen. */
export function findingText(outcome: Outcome, secrets: Secrets): string {
  const { levels, kinds, parties } = strings.finding;
  const grade = outcome.kind === 'fail' ? levels[outcome.level] : kinds[outcome.kind];
  const lines = [
    `${grade}: ${outcome.rule} (${parties[outcome.party]}, ${outcome.subject})`,
    outcome.message,
    ...outcome.evidence.map(({ entry, part, note }) => `- #${entry} ${part}${note === '' ? '' : `: ${note}`}`),
    ...(outcome.fix === '' ? [] : [`${strings.finding.fix} ${outcome.fix}`]),
    ...outcome.spec,
  ];
  const text = lines.join('\n');
  const parts = segments(text, secretRanges(text, '', secrets), null);
  return visible(parts.map((part) => (part.secret ? shortened(part.text) : part.text)).join(''));
}
