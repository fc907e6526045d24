import { formField } from '../../../protocol/form.ts';
import { parseUrl } from '../../../protocol/url.ts';
import { clientIdOf } from '../../../story/client-id.ts';
import type { TokenExchange } from '../../../story/model.ts';
import type { Evidence } from '../../outcome.ts';
import { evidence } from '../evidence/evidence.ts';
import { short } from '../evidence/short.ts';

/** The client of a token request: its `client_id`, else that of HTTP Basic (RFC 6749 section 2.3.1). */
export function tokenClientOf(request: TokenExchange): Evidence {
  const field = formField(request.request.params, 'client_id');
  if (field) return evidence(request.exchange, 'request.postData', `client_id=${short(field.value)}`, field.range);
  const client = clientIdOf(request);
  if (client === null) return evidence(request.exchange, 'request.postData', 'no client_id');
  return evidence(request.exchange, 'request.headers.authorization', `HTTP Basic, client ${short(client)}`);
}

/** Whether a client identifier is meant as the URL of a client ID metadata document. */
export function isUrlClientId(clientId: string | null): clientId is string {
  if (clientId === null) return false;
  const url = parseUrl(clientId);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
}
