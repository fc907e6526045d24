import { visibleLine } from '../../../report/text.ts';
import type { Token } from '../../../story/model.ts';
import { strings } from '../strings.ts';
import { claimsInWords, span } from '../view/claims.ts';
import { useStore } from './context.ts';
import { CopyButton } from './copy-button.tsx';
import { ExactText } from './exact-text.tsx';
import { ScopeChips } from './scope-chips.tsx';
import { useNow } from './use-now.ts';

/** One token: what it may do, until when, where it came from and where it went. */
export function TokenDetail({ token }: { token: Token }) {
  const say = strings.token;
  const claimed = token.jwt === null ? [] : claimsInWords(token.jwt.claims);
  const scope = token.scope ?? token.jwt?.scope ?? null;
  return (
    <div class="token">
      <h2>
        {visibleLine(token.id)} <span class="aside">{say.kinds[token.kind]}</span> <Lifetime token={token} />
      </h2>
      <dl class="facts">
        <dt>{say.scope}</dt>
        <dd>{scope === null ? say.noScope : <ScopeChips scopes={scope} />}</dd>
        <dt>{say.issuedBy}</dt>
        <dd>
          {token.issuedBy === null ? say.beforeLog : <EntryLink entry={token.issuedBy.exchange.entry} />}{' '}
          {token.grant !== null && <span class="aside">{visibleLine(token.grant.issuer)}</span>}
        </dd>
        <dt>{say.usedIn}</dt>
        <dd>
          <Uses token={token} />
        </dd>
        <dt>{say.value}</dt>
        <dd class="exact-value">
          <ExactText text={token.value} part="token" /> <CopyButton text={() => token.value} />
        </dd>
      </dl>
      {token.jwt === null ? (
        <p class="remark">{say.opaque}</p>
      ) : (
        <>
          <ClaimTable title={say.claims} remark={say.unsigned} claims={claimed} />
          <ClaimTable title={say.header} claims={claimsInWords(token.jwt.header)} />
        </>
      )}
    </div>
  );
}

/** Ticks while the token lives. */
function Lifetime({ token }: { token: Token }) {
  const now = useNow(1_000);
  const say = strings.token;
  const { expiresAt, issuedAt } = token;
  if (expiresAt === null) return <span class="badge none">{say.noExpiry}</span>;
  const left = expiresAt - now;
  return (
    <>
      <span class={left > 0 ? 'badge pass' : 'badge warning'}>
        {left > 0 ? say.expires(span(left)) : say.expired(span(left))}
      </span>{' '}
      {issuedAt !== null && <span class="aside">{say.lifetime(span(expiresAt - issuedAt))}</span>}
    </>
  );
}

const mostUses = 40;

function Uses({ token }: { token: Token }) {
  if (token.uses.length === 0) return <>{strings.token.notUsed}</>;
  return (
    <span class="entries">
      {token.uses.slice(0, mostUses).map((entry) => (
        <EntryLink key={entry} entry={entry} />
      ))}
      {token.uses.length > mostUses && strings.token.more(token.uses.length - mostUses)}
    </span>
  );
}

function EntryLink({ entry }: { entry: number }) {
  const { selectEntry } = useStore();
  return (
    <button
      type="button"
      class="link entry"
      aria-label={strings.finding.showEvidence(entry)}
      onClick={() => selectEntry(entry)}
    >
      #{entry}
    </button>
  );
}

interface ClaimProps {
  readonly title: string;
  readonly remark?: string;
  readonly claims: ReturnType<typeof claimsInWords>;
}

function ClaimTable({ title, remark, claims }: ClaimProps) {
  const now = useNow(1_000);
  const say = strings.token;
  return (
    <table class="parameters">
      <caption>
        {title} {remark !== undefined && <span class="aside">{remark}</span>}
      </caption>
      <tbody>
        {claims.map(({ name, value, meaning, time }) => (
          <tr key={name}>
            <th scope="row">{visibleLine(name)}</th>
            <td>
              <ExactText text={value} part={`claims.${name}`} />
              {time !== null && (
                <span class="aside">
                  {' '}
                  {new Date(time).toLocaleString()} (
                  {time > now ? say.ahead(span(time - now)) : say.ago(span(now - time))})
                </span>
              )}
            </td>
            <td class="meaning">{meaning}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
