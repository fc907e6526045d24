import type { Exchange } from '../../../exchange/exchange.ts';
import { strings } from '../strings.ts';

/** Where a request ran, when that was not the page itself. */
export function RanIn({ exchange }: { exchange: Exchange }) {
  const { context } = exchange;
  if (context === null || context === 'page') return null;
  return <span class="ran-in">{strings.flow.contexts[context]}</span>;
}
