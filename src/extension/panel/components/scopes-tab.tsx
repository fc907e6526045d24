import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { type ScopeEvent, type ScopeMatrix, type ScopeState, scopeMatrices } from '../view/scopes.ts';
import { useStore } from './context.ts';
import { CopyButton } from './copy-button.tsx';
import { ScopeChips } from './scope-chips.tsx';

/** Scopes down, events across: replacement in place of union is visible at a glance. */
export function ScopesTab() {
  const { index } = useStore();
  const matrices = index.value === null ? [] : scopeMatrices(index.value);
  if (matrices.length === 0) return <p class="nothing">{strings.scopes.none}</p>;
  return (
    <div class="matrices">
      {matrices.map((matrix, at) => (
        <Matrix key={at} matrix={matrix} />
      ))}
    </div>
  );
}

/** Events drawn at most; the latest matter most. */
const mostEvents = 120;

function Matrix({ matrix }: { matrix: ScopeMatrix }) {
  const say = strings.scopes;
  const events = matrix.events.slice(-mostEvents);
  const place = matrix.server === '' ? say.unbound : matrix.server;
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
      <div class="scroll-x">
        <table>
          <thead>
            <tr>
              <th scope="col">{say.scope}</th>
              {events.map((event) => (
                <EventHead key={`${event.kind} ${event.entry}`} event={event} />
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.scopes.map((scope) => (
              <tr key={scope}>
                <th scope="row">{visibleLine(scope)}</th>
                {events.map((event) => (
                  <Cell key={`${event.kind} ${event.entry}`} state={event.states.get(scope) ?? null} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {matrix.union.length > 0 && (
        <p class="union">
          {say.union}: <ScopeChips scopes={matrix.union} /> <CopyButton text={() => matrix.union.join(' ')} />
        </p>
      )}
    </section>
  );
}

function EventHead({ event }: { event: ScopeEvent }) {
  const { selectEntry } = useStore();
  return (
    <th scope="col">
      <button
        type="button"
        class="link entry"
        title={strings.finding.showEvidence(event.entry)}
        onClick={() => selectEntry(event.entry)}
      >
        {strings.scopes.kinds[event.kind]}
        <br />#{event.entry}
      </button>
    </th>
  );
}

function Cell({ state }: { state: ScopeState | null }) {
  if (state === null) return <td />;
  return <td class={`scope-state ${state}`}>{strings.scopes.states[state]}</td>;
}
