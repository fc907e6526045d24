import type { Exchange } from '../../../exchange/exchange.ts';
import { copyRequest, type RequestForm } from '../copies/copy-request.ts';
import { copyText } from '../host/clipboard.ts';
import { strings } from '../strings.ts';
import { networkFilter } from '../view/network-filter.ts';
import { withoutQuery } from '../view/words.ts';
import { useStore } from './context.ts';
import { MenuButton, type MenuItem, saidOf } from './menu-button.tsx';

/** Repeats the request elsewhere, or finds it in the browser's own Network panel. */
export function ExchangeActions({ exchange }: { exchange: Exchange }) {
  const { analysis } = useStore();
  const say = strings.copies;
  const copy = (form: RequestForm, secrets: boolean): MenuItem => ({
    label: say.requestAs(say.forms[form], secrets),
    act: async () => {
      const shown = analysis.value;
      const copied = shown === null ? null : await copyRequest(shown, exchange, form, secrets);
      return copied === null ? say.notRepeatable : saidOf(copied);
    },
  });
  const copyUrl: MenuItem = { label: say.url, act: async () => saidOf(await copyText(withoutQuery(exchange.url))) };
  return (
    <span class="exchange-actions">
      <MenuButton
        label={say.request}
        items={[copy('curl', false), copy('fetch', false), copy('curl', true), copy('fetch', true), copyUrl]}
        hint={say.requestHint}
      />
      <RevealInNetwork exchange={exchange} />
    </span>
  );
}

/** Live traffic stands in the Network panel too; where no extension can show that, its filter is copied. */
function RevealInNetwork({ exchange }: { exchange: Exchange }) {
  const { host, shownFile } = useStore();
  if (host.live === null || shownFile.value !== null) return null;
  const say = strings.network;
  const filter = networkFilter(exchange);
  const { showNetwork } = host;
  if (showNetwork === null) {
    const copyFilter = async () => ((await copyText(filter)) ? say.copied : strings.copy.failed);
    return <MenuButton label={say.find} items={[{ label: say.copyFilter, act: copyFilter }]} hint={say.whyCopied} />;
  }
  return (
    <button type="button" class="link reveal" title={say.hint} onClick={() => showNetwork(filter)}>
      {say.reveal}
    </button>
  );
}
