import { useMemo } from 'preact/hooks';
import { visible, visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { span } from '../view/claims.ts';
import { type Reading, readExchange } from '../view/exchange-reading.ts';
import { inWords, withoutQuery } from '../view/words.ts';
import { useStore } from './context.ts';
import { ExactText } from './exact-text.tsx';
import { ExchangeActions } from './exchange-actions.tsx';
import { FoundHere } from './found-here.tsx';
import { NoteOnExchange } from './note-on-exchange.tsx';
import { ParameterTable } from './parameter-table.tsx';
import { RawMessage } from './raw-message.tsx';
import { ScriptViewOf } from './script-view.tsx';

/** The exchange as read (challenge, form, JSON-RPC, metadata), and beside it as it was sent. */
export function ExchangeTab() {
  const { exchange, index, mark } = useStore();
  const shown = exchange.value;
  const evidence = mark.value !== null && mark.value.entry === shown?.entry ? mark.value : null;
  const readings = useMemo(() => (shown === null ? [] : readExchange(shown, evidence)), [shown, evidence]);
  const story = index.value;
  if (shown === null || story === null) return <p class="nothing">{strings.exchange.none}</p>;
  const words = inWords(shown, story);
  const { status, statusText } = shown.response;
  const read = readings.some(
    (reading) => reading.kind === 'parameters' && reading.parameters.some(({ marked }) => marked),
  );
  const bad = status === 0 || status >= 400;
  const say = strings.exchange;
  return (
    <div class="exchange">
      <div class="parsed">
        <h2>
          <span class="number">#{shown.entry}</span> {visibleLine(words.what)}{' '}
          <span class={bad ? 'status bad' : 'status'}>
            {status === 0 ? visibleLine(shown.error ?? say.noStatus) : `${status} ${visibleLine(statusText)}`}
          </span>
          <span class="aside">{say.duration(span(shown.answered - shown.sent))}</span>
        </h2>
        <p class="address">
          <b>{visibleLine(shown.method)}</b> <ExactText text={withoutQuery(shown.url)} part="request.url" />{' '}
          <ExchangeActions exchange={shown} />
        </p>
        <NoteOnExchange entry={shown.entry} />
        <FoundHere entry={shown.entry} />
        <ScriptViewOf entry={shown.entry} />
        {readings.map((reading, at) => (
          <ReadingView key={at} reading={reading} />
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by itself, so keys must reach it */}
      <section class="wire" tabIndex={0} aria-label={say.wire}>
        <RawMessage exchange={shown} evidence={evidence} yields={read} />
      </section>
    </div>
  );
}

function ReadingView({ reading }: { reading: Reading }) {
  switch (reading.kind) {
    case 'parameters':
      return <ParameterTable title={reading.title} parameters={reading.parameters} part={reading.part} />;
    case 'json':
      return (
        <section class="json">
          <h3>{visible(reading.title)}</h3>
          <pre>
            <ExactText text={reading.text} part={reading.part} />
          </pre>
        </section>
      );
    case 'remark':
      return <p class="remark">{visible(reading.text)}</p>;
  }
}
