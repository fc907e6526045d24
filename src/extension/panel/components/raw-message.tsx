import type { Content, Exchange } from '../../../exchange/exchange.ts';
import type { Evidence } from '../../../rules/outcome.ts';
import { strings } from '../strings.ts';
import { type RawPart, rangeWithin, rawParts, speaksOf } from '../view/parts.ts';
import { CopyButton } from './copy-button.tsx';
import { ExactText } from './exact-text.tsx';

interface Props {
  readonly exchange: Exchange;
  readonly evidence: Evidence | null;
  /** The evidence is marked above too: stay there when both scroll as one. */
  readonly yields?: boolean;
}

/** Request and response as recorded, the evidence marked in place. */
export function RawMessage({ exchange, evidence, yields = false }: Props) {
  const { request, response } = rawParts(exchange);
  return (
    <div class={yields ? 'raw yields' : 'raw'}>
      <h3>{strings.exchange.request}</h3>
      <RawSide parts={request} evidence={evidence} body={exchange.request.body} />
      <h3>{strings.exchange.response}</h3>
      <RawSide parts={response} evidence={evidence} body={exchange.response.body} />
    </div>
  );
}

function RawSide({ parts, evidence, body }: { parts: readonly RawPart[]; evidence: Evidence | null; body: Content }) {
  const say = strings.exchange;
  const remark =
    body.state === 'missing'
      ? say.bodyMissing
      : body.state === 'binary'
        ? say.bodyBinary
        : body.state === 'cut'
          ? say.bodyCut
          : '';
  return (
    <div class="raw-side">
      {parts.map(({ part, label, text }) => {
        const here = evidence !== null && speaksOf(evidence, part);
        const range = here ? (rangeWithin(evidence, text) ?? ([0, text.length] as const)) : null;
        const body = part === 'request.postData' || part === 'response.content';
        return (
          <div key={part} class={body ? 'raw-body' : 'raw-line'} data-part={part}>
            {label !== '' && <span class="raw-name">{label} </span>}
            <ExactText text={text} part={part} mark={range} focus={here} />
            {body && <CopyButton text={() => text} />}
          </div>
        );
      })}
      {remark !== '' && <p class="remark">{remark}</p>}
    </div>
  );
}
