import type { Exchange } from '../../../exchange/exchange.ts';
import { strings } from '../strings.ts';
import { bytes, span } from '../view/claims.ts';
import { useStore } from './context.ts';
import { useNow } from './use-now.ts';

/** How long an exchange took, or for how long its answer has been open. */
export function Took({ exchange }: { exchange: Exchange }) {
  if (exchange.pending) return <StillOpen exchange={exchange} />;
  const { sent, answered } = exchange;
  return <span class="took">{answered > sent ? span(answered - sent) : ''}</span>;
}

/** Ticks while traffic is live; a recording stopped when it ended. */
function StillOpen({ exchange }: { exchange: Exchange }) {
  const { host, shownFile, analysis, views } = useStore();
  const now = useNow(1_000);
  const live = host.live !== null && shownFile.value === null;
  const until = live ? now : (analysis.value?.story.end ?? exchange.sent);
  // Only the observer in the page sees a stream as it comes.
  const received = views.value.get(exchange.entry)?.received ?? 0;
  return (
    <span class="took open">
      <span class="pulse" aria-hidden="true" /> {strings.flow.openFor(span(Math.max(0, until - exchange.sent)))}
      {received > 0 && ` · ${bytes(received)}`}
    </span>
  );
}
