import { useState } from 'preact/hooks';
import { visible } from '../../../report/text.ts';
import { missingInWords } from '../../../report/undecided.ts';
import { outcomeKey } from '../store/outcome-key.ts';
import { strings } from '../strings.ts';
import { groupByParty, groupByRule, type Listed, type PartyGroup } from '../view/findings.ts';
import { host } from '../view/words.ts';
import { useStore } from './context.ts';
import { FindingDetail } from './finding-detail.tsx';
import { JustSuppressed, SuppressedSection } from './suppressed.tsx';

/** Every outcome: faults first, then what cannot be told yet, then the rest, folded. */
export function FindingsTab() {
  const { findings, search } = useStore();
  const list = findings.value;
  if (list === null) return null;
  const say = strings.finding;
  const rest = list.informational.length + list.open.length + list.passed.length + list.notApplicable.length;
  return (
    <div class="findings">
      <JustSuppressed />
      {list.faults.length === 0 && (
        <p class="nothing">{search.value !== '' && rest === 0 ? say.noneMatching : say.none}</p>
      )}
      {groupByParty(list.faults).map((group) => (
        <FaultsOfParty key={`${group.level} ${group.party}`} group={group} />
      ))}
      <Section id="informational" title={say.informational} listed={list.informational} />
      <Section id="open" title={say.open} hint={say.openHint} listed={list.open} />
      <Section id="pass" title={say.passed} listed={list.passed} />
      <Section id="notApplicable" title={say.notApplicable} listed={list.notApplicable} />
      <SuppressedSection />
    </div>
  );
}

/** Faults of one level and party: said once, above them. */
function FaultsOfParty({ group: { level, party, listed } }: { group: PartyGroup }) {
  const say = strings.finding;
  return (
    <section class="faults" data-level={level} data-party={party}>
      <h2>
        <span class={`badge ${level}`}>{say.levels[level]}</span> {say.parties[party]}{' '}
        <span class="count">{listed.length}</span>
      </h2>
      <OutcomeList listed={listed} label={say.faultsOf(say.levels[level], say.parties[party])} headed />
    </section>
  );
}

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly hint?: string;
  readonly listed: readonly Listed[];
}

/** Folded outcomes are hidden, not gone: search in the page finds them. */
function Section({ id, title, hint, listed }: SectionProps) {
  const { listOpen, toggleSection } = useStore();
  if (listed.length === 0) return null;
  const open = listOpen.value.has(id);
  return (
    <section class="outcomes">
      <h2>
        <button type="button" class="section" aria-expanded={open} onClick={() => toggleSection(id)}>
          <span class={open ? 'fold open' : 'fold'} aria-hidden="true" />
          {title} <span class="count">{listed.length}</span>
          {hint !== undefined && <span class="hint">{hint}</span>}
        </button>
      </h2>
      <div hidden={!open}>
        <OutcomeList listed={listed} label={title} />
      </div>
    </section>
  );
}

/** Outcomes drawn at first; a long session repeats itself. */
const batch = 200;

interface ListProps {
  readonly listed: readonly Listed[];
  readonly label: string;
  /** Level and party stand above the list. */
  readonly headed?: boolean;
}

function OutcomeList({ listed, label, headed = false }: ListProps) {
  const [limit, setLimit] = useState(batch);
  return (
    <>
      <ul class="outcome-list" aria-label={label}>
        {groupByRule(listed.slice(0, limit)).map(({ key, occasions }) =>
          occasions.length === 1 ? (
            occasions.map((item) => <OutcomeItem key={key} item={item} headed={headed} />)
          ) : (
            <RuleItem key={key} id={key} occasions={occasions} headed={headed} />
          ),
        )}
      </ul>
      {listed.length > limit && (
        <button type="button" class="more" onClick={() => setLimit(limit + batch)}>
          {strings.finding.more(Math.min(batch, listed.length - limit))}
        </button>
      )}
    </>
  );
}

/** A rule with several occasions: one line that unfolds into them. */
function RuleItem({ id, occasions, headed }: { id: string; occasions: readonly Listed[]; headed: boolean }) {
  const { openOutcome, listOpen, toggleSection, engine } = useStore();
  const [first] = occasions;
  if (first === undefined) return null;
  const within = occasions.some(({ outcome }) => outcomeKey(outcome) === openOutcome.value);
  const open = within || listOpen.value.has(id);
  const { outcome } = first;
  return (
    <li class={open ? 'rule open' : 'rule'}>
      <button type="button" class="outcome-head" aria-expanded={open} onClick={() => toggleSection(id)}>
        {headed ? <Fold open={open} /> : <LevelBadge outcome={outcome} />}
        <span class="title">{engine.rule(outcome.rule)?.title ?? outcome.rule}</span>
        <span class="count">{strings.finding.occasions(occasions.length)}</span>
        {!headed && <span class="party">{strings.finding.parties[outcome.party]}</span>}
      </button>
      <ul hidden={!open}>
        {occasions.map((item) => (
          <OutcomeItem key={`${outcomeKey(item.outcome)} ${item.index}`} item={item} occasion />
        ))}
      </ul>
    </li>
  );
}

interface ItemProps {
  readonly item: Listed;
  /** One of several of its rule, whose title stands above. */
  readonly occasion?: boolean;
  readonly headed?: boolean;
}

function OutcomeItem({ item, occasion = false, headed = false }: ItemProps) {
  const { openOutcome, chosenOutcome, selectOutcome, engine } = useStore();
  const { outcome } = item;
  const key = outcomeKey(outcome);
  const open = openOutcome.value === key;
  const title = engine.rule(outcome.rule)?.title ?? outcome.rule;
  const entry = outcome.evidence[0]?.entry;
  const toggle = (): void => {
    if (open) chosenOutcome.value = '';
    else selectOutcome(outcome);
  };
  return (
    <li
      class={open ? 'outcome open' : 'outcome'}
      data-rule={outcome.rule}
      data-kind={outcome.kind}
      data-level={outcome.level}
      data-party={outcome.party}
    >
      <button type="button" class="outcome-head" aria-expanded={open} onClick={toggle}>
        {occasion || headed ? <Fold open={open} /> : <LevelBadge outcome={outcome} />}
        <span class="title">{occasion ? (entry === undefined ? host(outcome.subject) : `#${entry}`) : title}</span>
        {!open && <span class="message">{visible(inShort(outcome))}</span>}
        {!occasion && !headed && <span class="party">{strings.finding.parties[outcome.party]}</span>}
      </button>
      {open && <FindingDetail outcome={outcome} />}
    </li>
  );
}

/** An open outcome says what it waits for, any other what happened. */
function inShort(outcome: Listed['outcome']): string {
  const missing = missingInWords([outcome]);
  return missing.length > 0 ? strings.finding.needs(missing) : outcome.message;
}

function Fold({ open }: { open: boolean }) {
  return <span class={open ? 'fold open' : 'fold'} aria-hidden="true" />;
}

function LevelBadge({ outcome }: { outcome: Listed['outcome'] }) {
  const { kind, level } = outcome;
  const say = strings.finding;
  const tone = kind === 'fail' ? level : kind;
  return <span class={`badge ${tone}`}>{kind === 'fail' ? say.levels[level] : say.kinds[kind]}</span>;
}
