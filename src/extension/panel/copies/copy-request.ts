import type { Exchange } from '../../../exchange/exchange.ts';
import type { Analysis } from '../../../report/analysis.ts';
import { copyText } from '../host/clipboard.ts';

export type RequestForm = 'curl' | 'fetch';

/**
 * Copies a request so that it can be made again, redacted unless the secrets are asked for. False when copying is not
 * allowed, null when the request cannot be written in that form. What writes it loads when first needed.
 */
export async function copyRequest(
  analysis: Analysis,
  exchange: Exchange,
  form: RequestForm,
  secrets: boolean,
): Promise<boolean | null> {
  const { redactedExchange } = await import('./redacted.ts');
  const shown = secrets ? exchange : await redactedExchange(analysis, exchange.entry);
  const text =
    form === 'curl' ? (await import('./curl.ts')).curlCommand(shown) : (await import('./fetch.ts')).fetchCall(shown);
  return text === null ? null : copyText(text);
}
