import { visibleLine } from '../../../report/text.ts';
import type { Token } from '../../../story/model.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';
import { TokenDetail } from './token-detail.tsx';

/** Every token of the session; the one that the chosen exchange carries or issues comes first. */
export function TokenTab() {
  const { index, exchange, chosenToken } = useStore();
  const story = index.value;
  if (story === null || story.story.tokens.length === 0) return <p class="nothing">{strings.token.none}</p>;
  const here = exchange.value === null ? [] : (story.role(exchange.value.entry)?.tokens ?? []);
  const tokens = story.story.tokens;
  const named = chosenToken.value ?? here.find((id) => story.tokens.has(id)) ?? null;
  const shown = (named === null ? undefined : story.tokens.get(named)) ?? tokens.findLast(isAccess) ?? tokens[0];
  return (
    <div class="tokens">
      <fieldset class="token-list">
        <legend class="unseen">{strings.token.choose}</legend>
        {tokens.slice(0, longestList).map((token) => (
          <button
            key={token.id}
            type="button"
            class={here.includes(token.id) ? 'here' : ''}
            aria-pressed={token === shown}
            title={strings.token.kinds[token.kind]}
            onClick={() => {
              chosenToken.value = token.id;
            }}
          >
            {visibleLine(token.id)}
          </button>
        ))}
        {tokens.length > longestList && <span>{strings.token.more(tokens.length - longestList)}</span>}
      </fieldset>
      {shown !== undefined && <TokenDetail token={shown} />}
    </div>
  );
}

const longestList = 300;

function isAccess(token: Token): boolean {
  return token.kind === 'access';
}
