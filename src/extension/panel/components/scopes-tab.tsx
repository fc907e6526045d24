import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { type ScopeEvent, type ScopeMatrix, type ScopeState, scopeMatrices } from '../view/scopes.ts';
import { useStore } from './context.ts';
import { EntryLink } from './entry-link.tsx';
import { ScopeChips } from './scope-chips.tsx';

/** Scopes down, events across: replacement in place of union is visible at a glance. */
export function ScopesTab() {
  const { index, scopesFound } = useStore();
  const all = index.value === null ? [] : scopeMatrices(index.value);
  const matrices = all.filter(scopesFound);
  if (all.length > 0 && matrices.length === 0) return <p class="nothing">{strings.scopes.noneMatching}</p>;
  if (matrices.length === 0) return <p class="nothing">{strings.scopes.none}</p>;
  return (
    <div class="matrices">
      {matrices.map((matrix, at) => (
        <Matrix key={at} matrix={matrix} />
      ))}
      <Legend />
    </div>
  );
}

/** Events drawn at most; the latest matter most. */
const mostEvents = 120;

function Matrix({ matrix }: { matrix: ScopeMatrix }) {
  const { selectedEntry } = useStore();
  const scroller = useRef<HTMLElement>(null);
  const say = strings.scopes;
  const events = matrix.events.slice(-mostEvents);
  const place = matrix.server === '' ? say.unbound : matrix.server;
  useEffect(() => {
    if (scroller.current !== null) scroller.current.scrollLeft = scroller.current.scrollWidth;
  }, [events.length]);
  return (
    <section class="matrix">
      <h2>
        {visibleLine(say.caption(place))}
        {matrix.clientId !== null && (
          <span class="aside">
            {say.client} {visibleLine(matrix.clientId)}
          </span>
        )}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section ref={scroller} class="scroll-x" aria-label={say.caption(place)} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say.scope}</th>
              {events.map((event) => (
                <EventHead
                  key={`${event.kind} ${event.entry}`}
                  event={event}
                  chosen={event.entry === selectedEntry.value}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.scopes.map((scope) => (
              <tr key={scope}>
                <th scope="row">{visibleLine(scope)}</th>
                {events.map((event) => (
                  <Cell
                    key={`${event.kind} ${event.entry}`}
                    state={event.states.get(scope) ?? null}
                    held={event.held.has(scope)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Unions matrix={matrix} />
    </section>
  );
}

/** Losses shown; the latest matter most. */
const mostLosses = 4;

/** What each request that lost something should have asked for, and what the next one should. */
function Unions({ matrix: { losses, union } }: { matrix: ScopeMatrix }) {
  const say = strings.scopes;
  if (union.length === 0) return null;
  return (
    <dl class="facts unions">
      {losses.slice(-mostLosses).map((loss) => (
        <Fragment key={loss.entry}>
          <dt>
            <EntryLink entry={loss.entry} /> {say.should}
          </dt>
          <dd>
            <ScopeChips scopes={loss.union} added={loss.lost} copy />
          </dd>
        </Fragment>
      ))}
      <dt>{say.union}</dt>
      <dd>
        <ScopeChips scopes={union} copy />
      </dd>
    </dl>
  );
}

function EventHead({ event, chosen }: { event: ScopeEvent; chosen: boolean }) {
  const { selectEntry } = useStore();
  const say = strings.scopes;
  const word = event.kind === 'challenge' ? String(event.status) : say.kinds[event.kind];
  const times = event.times > 1 ? strings.finding.occasions(event.times) : '';
  return (
    <th scope="col" class={chosen ? 'chosen' : ''}>
      <button
        type="button"
        class="link entry"
        title={`${say.explained[event.kind]} ${times}`.trim()}
        onClick={() => selectEntry(event.entry)}
      >
        {word}
        <br />#{event.entry}
        {times !== '' && <span class="times">{times}</span>}
      </button>
    </th>
  );
}

/** The sign of what happened, on a ground that is green as long as the token at hand holds the scope. */
function Cell({ state, held }: { state: ScopeState | null; held: boolean }) {
  const say = strings.scopes;
  const ground = held ? 'scope-state held' : 'scope-state';
  if (state === null) return <td class={ground}>{held && <span class="unseen">{say.held}</span>}</td>;
  return (
    <td class={`${ground} ${state}`} title={say.states[state]}>
      <span aria-hidden="true">{say.signs[state]}</span>
      <span class="unseen">{say.states[state]}</span>
    </td>
  );
}

const legend: readonly ScopeState[] = ['offered', 'challenged', 'requested', 'granted', 'used', 'refused', 'lost'];

function Legend() {
  const say = strings.scopes;
  return (
    <ul class="legend" aria-label={say.legend}>
      {legend.map((state) => (
        <li key={state}>
          <span class={`scope-state sign ${state}`} aria-hidden="true">
            {say.signs[state]}
          </span>{' '}
          {say.states[state]}
        </li>
      ))}
      <li>
        <span class="scope-state sign held" aria-hidden="true" /> {say.held}
      </li>
    </ul>
  );
}
