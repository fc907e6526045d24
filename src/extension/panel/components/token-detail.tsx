import type { ComponentChildren } from 'preact';
import { visibleLine } from '../../../report/text.ts';
import type { Token } from '../../../story/model.ts';
import { strings } from '../strings.ts';
import { span } from '../view/claims.ts';
import { type Agreement, type TokenFacts, tokenFacts } from '../view/token-facts.ts';
import { ClaimTable } from './claim-table.tsx';
import { useStore } from './context.ts';
import { CopyButton } from './copy-button.tsx';
import { EntryLink } from './entry-link.tsx';
import { ExactText } from './exact-text.tsx';
import { ScopeChips } from './scope-chips.tsx';
import { SignatureCheck } from './signature-check.tsx';
import { useSessionTime } from './use-session-time.ts';

/** One token: what it may do, until when, for whom it is, where it came from and where it went. */
export function TokenDetail({ token }: { token: Token }) {
  const { index } = useStore();
  if (index.value === null) return null;
  const facts = tokenFacts(token, index.value);
  const say = strings.token;
  const scope = token.scope ?? token.jwt?.scope ?? null;
  return (
    <div class="token">
      <h2>
        {visibleLine(token.id)} <span class="aside">{say.kinds[token.kind]}</span> <Lifetime token={token} />
      </h2>
      {token.jwt === null && <p class="remark">{say.opaque}</p>}
      <dl class="facts">
        <Fact name={say.scope}>{scope === null ? say.noScope : <ScopeChips scopes={scope} copy />}</Fact>
        {token.jwt !== null && <Compared facts={facts} />}
        <Fact name={say.issuedBy}>
          {token.issuedBy === null ? say.beforeLog : <EntryLink entry={token.issuedBy.exchange.entry} />}{' '}
          {token.grant !== null && <span class="aside">{visibleLine(token.grant.issuer)}</span>}
        </Fact>
        {facts.replacedBy !== null && (
          <Fact name={say.replacedBy}>
            {visibleLine(facts.replacedBy.token)} <EntryLink entry={facts.replacedBy.entry} />
          </Fact>
        )}
        <Fact name={say.usedIn}>
          <Uses token={token} late={facts.late} />
        </Fact>
        <Fact name={say.value}>
          <span class="exact-value">
            <ExactText text={token.value} part="token" /> <CopyButton text={() => token.value} label={say.copyValue} />
          </span>
        </Fact>
        {token.jwt !== null && (
          <Fact name={say.signature.name}>
            <SignatureCheck token={token} />
          </Fact>
        )}
      </dl>
      {token.jwt !== null && (
        <>
          <ClaimTable title={say.claims} remark={say.unsigned} claims={token.jwt.claims} />
          <ClaimTable title={say.header} claims={token.jwt.header} />
        </>
      )}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** What the token says of audience, issuer and client, and whether the traffic agrees. */
function Compared({ facts: { audience, issuer, client } }: { facts: TokenFacts }) {
  const say = strings.token;
  return (
    <>
      <Fact name={say.audience}>
        {audience.said.length === 0 ? say.noAudience : <code>{visibleLine(audience.said.join(' '))}</code>}{' '}
        <Agrees
          state={audience.state}
          match={say.audienceMatches}
          mismatch={say.audienceDiffers(audience.server ?? '')}
        />
      </Fact>
      <Fact name={say.issuer}>
        {issuer.said === null ? say.noScope : <code>{visibleLine(issuer.said)}</code>}{' '}
        <Agrees state={issuer.state} match={say.issuerMatches} mismatch={say.issuerDiffers(issuer.known ?? '')} />
      </Fact>
      {client.said !== null && (
        <Fact name={say.client}>
          <code>{visibleLine(client.said)}</code>{' '}
          <Agrees state={client.state} match={say.clientMatches} mismatch={say.clientDiffers(client.known ?? '')} />
        </Fact>
      )}
    </>
  );
}

function Agrees({ state, match, mismatch }: { state: Agreement; match: string; mismatch: string }) {
  if (state === 'unknown') return <span class="aside">{strings.token.notCompared}</span>;
  return (
    <span class={state === 'match' ? 'agrees' : 'differs'}>
      <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
        <path
          d={state === 'match' ? 'M2 6.5l3 3 5-6' : 'M3 3l6 6M9 3l-6 6'}
          fill="none"
          stroke="currentColor"
          stroke-width="1.8"
          stroke-linecap="round"
        />
      </svg>{' '}
      {visibleLine(state === 'match' ? match : mismatch)}
    </span>
  );
}

/** Ticks while the token lives. */
function Lifetime({ token }: { token: Token }) {
  const { now, recorded } = useSessionTime(1_000);
  const say = strings.token;
  const when = recorded ? say.recorded : say.live;
  const { expiresAt, issuedAt } = token;
  if (expiresAt === null) return <span class="badge none">{say.noExpiry}</span>;
  const left = expiresAt - now;
  return (
    <>
      <span class={left > 0 ? 'badge pass' : 'badge warning'}>
        {left > 0 ? when.expires(span(left)) : when.expired(span(left))}
      </span>{' '}
      {issuedAt !== null && <span class="aside">{say.lifetime(span(expiresAt - issuedAt))}</span>}
    </>
  );
}

const mostUses = 40;

function Uses({ token, late }: { token: Token; late: ReadonlySet<number> }) {
  const say = strings.token;
  if (token.uses.length === 0) return <>{say.notUsed}</>;
  return (
    <span class="entries">
      {token.uses.slice(0, mostUses).map((entry) => (
        <EntryLink key={entry} entry={entry} late={late.has(entry)} />
      ))}
      {token.uses.length > mostUses && say.more(token.uses.length - mostUses)}
      {late.size > 0 && <span class="differs">{say.lateUses(late.size)}</span>}
    </span>
  );
}
