import { header } from '../../../exchange/exchange.ts';
import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** What the page's own script could make of an exchange, as the observer saw it; nothing where none looked. */
export function ScriptViewOf({ entry }: { entry: number }) {
  const { views, analysis } = useStore();
  const view = views.value.get(entry);
  const exchange = analysis.value?.exchanges[entry];
  if (view === undefined || exchange === undefined) return null;
  const say = strings.observing;
  const challenged = header(exchange.response.headers, 'www-authenticate') !== null && view.type !== 'event-source';
  const ids = view.chunks.flatMap(({ event }) => event ?? []).slice(-5);
  return (
    <section class="script-view" data-script-view={view.failure ?? view.type}>
      <h3>{say.view}</h3>
      {view.failure !== null ? (
        <p>{say.failed(visibleLine(view.failure))}</p>
      ) : (
        <p>{visibleLine(say.readable(view.headers))}</p>
      )}
      {challenged && <p>{view.headers.includes('www-authenticate') ? say.read : say.hidden}</p>}
      {view.chunks.length > 0 && <p>{say.chunks(view.chunks.length, view.received)}</p>}
      {ids.length > 0 && <p>{visibleLine(say.latest(ids))}</p>}
      <p class="hint">{say.forged}</p>
    </section>
  );
}
