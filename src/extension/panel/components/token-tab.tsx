import { visibleLine } from '../../../report/text.ts';
import type { Token } from '../../../story/model.ts';
import { strings } from '../strings.ts';
import { type TokenFamily, tokenFamilies } from '../view/token-facts.ts';
import { host } from '../view/words.ts';
import { useStore } from './context.ts';
import { EntryLink } from './entry-link.tsx';
import { TokenDetail } from './token-detail.tsx';
import { useSessionTime } from './use-session-time.ts';

/** Every token of the session by family; the one that the chosen exchange carries or issues comes first. */
export function TokenTab() {
  const { index, exchange, chosenToken, tokenFound } = useStore();
  const story = index.value;
  if (story === null || story.story.tokens.length === 0) return <p class="nothing">{strings.token.none}</p>;
  const here = exchange.value === null ? [] : (story.role(exchange.value.entry)?.tokens ?? []);
  const tokens = story.story.tokens.filter(tokenFound);
  if (tokens.length === 0) return <p class="nothing">{strings.token.noneMatching}</p>;
  const named = chosenToken.value ?? here.find((id) => story.tokens.has(id)) ?? null;
  const shown = (named === null ? undefined : story.tokens.get(named)) ?? tokens.findLast(isAccess) ?? tokens[0];
  const families = tokenFamilies(story);
  const order =
    tokens.length > longestList && shown !== undefined
      ? families.filter(({ grant }) => grant === shown.grant)
      : families;
  const issuers = new Set(families.flatMap(({ grant }) => grant?.issuer ?? []));
  return (
    <div class="tokens">
      <ul class="families" aria-label={strings.token.choose}>
        {order.map((family, at) => (
          <Family key={family.grant?.id ?? at} family={family} shown={shown} here={here} many={issuers.size > 1} />
        ))}
      </ul>
      {order.length < families.length && <p class="hint">{strings.token.more(families.length - order.length)}</p>}
      {shown !== undefined && <TokenDetail key={shown.id} token={shown} />}
    </div>
  );
}

/** Tokens up to which every family is shown; of more, the shown token's own. */
const longestList = 300;

interface FamilyProps {
  readonly family: TokenFamily;
  readonly shown: Token | undefined;
  readonly here: readonly string[];
  /** Several issuers took part: each family says whose it is. */
  readonly many: boolean;
}

/** One sign-in as a line: what its code got, then what each refresh got in its place. */
function Family({ family: { grant, issuings }, shown, here, many }: FamilyProps) {
  const say = strings.token;
  return (
    <li class="family">
      <span class="family-name">
        {grant === null ? say.strays : strings.flow.causes[grant.cause]}
        {grant !== null && many && <span class="aside">{visibleLine(host(grant.issuer))}</span>}
      </span>
      <span class="line">
        {issuings.map(({ entry, tokens }, at) => (
          <span key={entry ?? 'before'} class="issuing">
            {entry !== null && (
              <span class="by">
                {at === 0 ? say.byCode : say.byRefresh} <EntryLink entry={entry} />
              </span>
            )}
            {entry === null && grant !== null && <span class="by">{say.beforeLog}</span>}
            {tokens.map((token) => (
              <TokenButton key={token.id} token={token} pressed={token === shown} here={here.includes(token.id)} />
            ))}
          </span>
        ))}
      </span>
    </li>
  );
}

function TokenButton({ token, pressed, here }: { token: Token; pressed: boolean; here: boolean }) {
  const { chosenToken } = useStore();
  const { now } = useSessionTime(5_000);
  const say = strings.token;
  const expired = token.expiresAt !== null && token.expiresAt <= now;
  const title = [say.kinds[token.kind], expired ? say.isExpired : '', here ? say.isHere : ''].filter(
    (word) => word !== '',
  );
  return (
    <button
      type="button"
      class={`token-button${here ? ' here' : ''}${expired ? ' expired' : ''}`}
      aria-pressed={pressed}
      title={title.join(', ')}
      onClick={() => {
        chosenToken.value = token.id;
      }}
    >
      {visibleLine(token.id)}
    </button>
  );
}

function isAccess(token: Token): boolean {
  return token.kind === 'access';
}
