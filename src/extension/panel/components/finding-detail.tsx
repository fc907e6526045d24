import { useEffect, useRef, useState } from 'preact/hooks';
import { partName, partText } from '../../../report/evidence.ts';
import { visible, visibleLine } from '../../../report/text.ts';
import type { Evidence, Outcome } from '../../../rules/outcome.ts';
import { outcomeKey } from '../store/outcome-key.ts';
import { strings } from '../strings.ts';
import { excerpt, rangeWithin } from '../view/parts.ts';
import { host } from '../view/words.ts';
import { useStore } from './context.ts';
import { ExactText } from './exact-text.tsx';
import { FindingActions } from './finding-actions.tsx';
import { RulePage } from './rule-page.tsx';
import { ScopeChange } from './scope-change.tsx';
import { scrollWithin } from './scroll.ts';
import { WouldDecide } from './would-decide.tsx';

/** One outcome: the sentence, what it rests on, how to mend it, where it is written. */
export function FindingDetail({ outcome }: { outcome: Outcome }) {
  const { engine, chosenOutcome } = useStore();
  const [page, showPage] = useState<string | null>(null);
  const self = useRef<HTMLDivElement>(null);
  const chosen = chosenOutcome.value === outcomeKey(outcome);
  useEffect(() => {
    if (chosen) scrollWithin(self.current?.closest('li'), 'nearest');
  }, [chosen]);
  const rule = engine.rule(outcome.rule);
  const say = strings.finding;
  const togglePage = async (): Promise<void> => showPage(page === null ? await engine.rulePage(outcome.rule) : null);
  return (
    <div class="finding" ref={self}>
      <p class="sentence">{visible(outcome.message)}</p>
      <ScopeChange outcome={outcome} />
      <WouldDecide outcome={outcome} />
      {outcome.evidence.length > 0 && (
        <ul class="evidence" aria-label={say.evidence}>
          {outcome.evidence.map((evidence, at) => (
            <EvidenceItem key={at} evidence={evidence} />
          ))}
        </ul>
      )}
      {outcome.fix !== '' && (
        <p class="fix">
          <b>{say.fix}</b> {visible(outcome.fix)}
        </p>
      )}
      <p class="source">
        <SpecLinks outcome={outcome} />
        <span class="subject">{visibleLine(host(outcome.subject))}</span>
        {rule !== null && (
          <button type="button" class="link" aria-expanded={page !== null} onClick={togglePage}>
            {say.page}: {outcome.rule}
          </button>
        )}
        <FindingActions outcome={outcome} />
      </p>
      {page !== null && <RulePage page={page} />}
    </div>
  );
}

/** UTF-16 units on either side of what matters: two or three lines, so that the next piece is in view. */
const aroundEvidence = 60;

function EvidenceItem({ evidence }: { evidence: Evidence }) {
  const { analysis, selectEvidence } = useStore();
  const exchange = analysis.value?.exchanges[evidence.entry];
  const text = exchange === undefined ? '' : partText(exchange, evidence.part);
  const range = rangeWithin(evidence, text);
  const { note } = evidence;
  const quoted = text === '' ? null : excerpt(text, range, aroundEvidence);
  // A remark that begins with the quoted words says them once.
  const isSaid = quoted !== null && quoted.text === text && note.startsWith(text);
  return (
    <li>
      <button
        type="button"
        class="link entry"
        aria-label={strings.finding.showEvidence(evidence.entry)}
        onClick={() => selectEvidence(evidence)}
      >
        #{evidence.entry}
      </button>
      <span class="quote">
        <span class="part">{partName(evidence.part)}</span>{' '}
        {quoted !== null && !isSaid && (
          <code>
            {quoted.cutBefore && '…'}
            <ExactText text={quoted.text} part={evidence.part} mark={quoted.range} />
            {quoted.cutAfter && '…'}
          </code>
        )}
        {note !== '' && <em> {visible(note)}</em>}
      </span>
    </li>
  );
}

/** Addresses of our own rule table only; anything else is text. */
function SpecLinks({ outcome }: { outcome: Outcome }) {
  const { engine } = useStore();
  const known = engine.rule(outcome.rule)?.spec ?? [];
  return (
    <>
      {outcome.spec.map((address) => {
        const own = known.find((spec) => spec.url === address);
        return own?.url.startsWith('https://') ? (
          <a key={address} href={own.url} target="_blank" rel="noopener noreferrer">
            {own.text}
          </a>
        ) : (
          <code key={address}>{visibleLine(address)}</code>
        );
      })}
    </>
  );
}
