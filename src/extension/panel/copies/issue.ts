import type { Analysis } from '../../../report/analysis.ts';
import type { Addressee } from '../../../report/markdown/issue.ts';
import type { Outcome } from '../../../rules/outcome.ts';
import { copyText } from '../host/clipboard.ts';
import { around } from './redacted.ts';

/** Copies a finding as issue text, redacted; the writer loads when first needed. False when copying is not allowed. */
export async function copyIssue(analysis: Analysis, outcome: Outcome, addressee: Addressee): Promise<boolean> {
  const { issueText } = await import('../../../report/markdown/issue.ts');
  const entries = outcome.evidence.map(({ entry }) => entry);
  return copyText(issueText(around(analysis, entries), outcome, addressee));
}
