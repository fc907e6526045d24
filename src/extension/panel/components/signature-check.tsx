import { useId, useState } from 'preact/hooks';
import { visibleLine } from '../../../report/text.ts';
import type { Token } from '../../../story/model.ts';
import { keyAddress } from '../signature/address.ts';
import type { SignatureCheck as Check, KeyOrigin } from '../store/signatures.ts';
import { strings } from '../strings.ts';
import { type KeySource, keySource } from '../view/token-facts.ts';
import { useStore } from './context.ts';
import { CopyButton } from './copy-button.tsx';
import { EntryLink } from './entry-link.tsx';

/** Checks a JWT's signature by its issuer's keys: on a click, after the address was shown, never by itself. */
export function SignatureCheck({ token }: { token: Token }) {
  const { index, signatures, analysis, checkSignature, forgetSignature } = useStore();
  const [asking, ask] = useState(false);
  const say = strings.token.signature;
  const check = signatures.value.get(token.value);
  if (analysis.value?.result.source.redacted === true) return <span class="aside">{say.redacted}</span>;
  const source = index.value === null ? null : keySource(token, index.value);
  const [recorded] = source?.recorded ?? [];
  if (check?.state === 'checking') {
    return (
      <span role="status">
        {say.checking}{' '}
        <button type="button" onClick={() => forgetSignature(token.value)}>
          {say.cancel}
        </button>
      </span>
    );
  }
  if (check !== undefined && !asking) return <Result check={check} again={() => ask(true)} />;
  if (asking) return <WhichKeys token={token} source={source} close={() => ask(false)} />;
  const begin = (): void => {
    if (recorded === undefined) ask(true);
    else void checkSignature(token.value, recorded.text, { kind: 'recorded', entry: recorded.entry });
  };
  return (
    <span class="signature">
      <button type="button" class="quiet" onClick={begin}>
        {say.check}
      </button>
      <span class="aside">{recorded === undefined ? say.asks : say.byRecorded(recorded.entry)}</span>
    </span>
  );
}

interface WhichKeysProps {
  readonly token: Token;
  readonly source: KeySource | null;
  readonly close: () => void;
}

/** Shows the whole address before anything is asked of it; keys can also be pasted. */
function WhichKeys({ token, source, close }: WhichKeysProps) {
  const { host, fetchAndCheck, checkSignature } = useStore();
  const [pasted, paste] = useState('');
  const field = useId();
  const say = strings.token.signature;
  const address = source === null ? null : keyAddress(source);
  const fetching = host.fetchKeys !== null && address?.ok === true ? address.url : null;
  return (
    <div class="which-keys">
      {source === null && <p>{say.noIssuer}</p>}
      {address?.ok === false && (
        <p>
          {say.refusals[address.why]} {source?.jwksUri != null && <code>{visibleLine(source.jwksUri)}</code>}
        </p>
      )}
      {address?.ok === true && (
        <p>
          {fetching === null ? say.cannotFetch : say.willFetch}{' '}
          <code class="key-address">{visibleLine(address.url)}</code> <CopyButton text={() => address.url} />
        </p>
      )}
      {fetching !== null && (
        <p class="actions">
          <button
            type="button"
            class="primary"
            onClick={() => {
              close();
              void fetchAndCheck(token.value, fetching);
            }}
          >
            {say.fetch}
          </button>
          <span class="aside">{say.fetchHow}</span>
        </p>
      )}
      <label for={field}>{say.paste}</label>
      <textarea
        id={field}
        rows={3}
        spellcheck={false}
        placeholder='{"keys":[…]}'
        value={pasted}
        onInput={(event) => paste(event.currentTarget.value)}
      />
      <p class="actions">
        <button
          type="button"
          class="quiet"
          disabled={pasted.trim() === ''}
          onClick={() => {
            close();
            void checkSignature(token.value, pasted, { kind: 'pasted' });
          }}
        >
          {say.checkPasted}
        </button>
        <button type="button" onClick={close}>
          {say.cancel}
        </button>
      </p>
    </div>
  );
}

function Result({ check, again }: { check: Exclude<Check, { state: 'checking' }>; again: () => void }) {
  const say = strings.token.signature;
  const good = check.state === 'done' && check.result.state === 'verified';
  const unsure = check.state === 'no-keys' || check.result.state === 'no-key' || check.result.state === 'unusable-key';
  return (
    <span class="signature" role="status">
      <span class={`badge ${good ? 'pass' : unsure ? 'none' : 'error'}`}>
        {good ? say.right : unsure ? say.unsure : say.wrong}
      </span>{' '}
      {visibleLine(inWords(check))} {check.state === 'done' && <From origin={check.from} />}{' '}
      <button type="button" class="link" onClick={again}>
        {say.otherKeys}
      </button>
    </span>
  );
}

function From({ origin }: { origin: KeyOrigin }) {
  const say = strings.token.signature;
  if (origin.kind === 'pasted') return <span class="aside">{say.fromPasted}</span>;
  if (origin.kind === 'fetched') {
    return (
      <span class="aside">
        {say.fromFetched} <code>{visibleLine(origin.url)}</code>
      </span>
    );
  }
  return (
    <span class="aside">
      {say.fromRecorded} <EntryLink entry={origin.entry} />
    </span>
  );
}

function inWords(check: Exclude<Check, { state: 'checking' }>): string {
  const say = strings.token.signature;
  if (check.state === 'no-keys')
    return typeof check.why === 'object' ? say.status(check.why.status) : say.failures[check.why];
  const { result } = check;
  switch (result.state) {
    case 'verified':
      return say.verified(result.algorithm, result.key.id, result.key.type, result.thumbprint);
    case 'wrong':
      return say.notByThese(result.tried.map(({ id }) => id ?? say.unnamed));
    case 'no-key':
      return say.noKey(
        result.id,
        result.known.map((id) => id ?? say.unnamed),
      );
    case 'refused':
      return say.refused[result.why];
    case 'unusable-key':
      return say.unusable(result.message);
  }
}
