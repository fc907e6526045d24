import { header } from '../../exchange/exchange.ts';
import { isJsonType, mediaType } from '../../protocol/media-type.ts';
import type { TokenExchange } from '../../story/model.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { type BoundExchange, kindName, tokenExchanges } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 6749 section 5.1: a token response is JSON with access_token and token_type, and must not be stored. */
export const rule = defineRule({
  id: 'authorization-code-grant',
  title: 'Token response not as OAuth has it',
  party: 'authorization-server',
  level: 'error',
  since: null,
  spec: [rfc(6749, '5.1'), rfc(6750, '4'), mcp('2026-07-28', 'overview'), mcp('2025-11-25', 'overview')],
  fix: 'Answer with JSON that has access_token and token_type, and with Cache-Control: no-store.',
  *judge(story) {
    for (const bound of tokenExchanges(story)) {
      const judgement = judge(bound);
      if (judgement) yield judgement;
    }
  },
});

function judge(bound: BoundExchange): Judgement | null {
  const { by, server } = bound;
  const { exchange, response } = by;
  // An error in a 200 is another rule's matter.
  if (exchange.response.status !== 200 || response?.error) return null;
  const subject = server.url;
  const faults = [...headerFaults(by), ...bodyFaults(by)];
  const [first] = faults;
  if (first) {
    const message = `The answer to the ${kindName(bound)} ${faults.map(({ what }) => what).join(', ')}.`;
    return { kind: 'fail', subject, message, evidence: faults.map(({ shown }) => shown) };
  }
  if (exchange.response.headers.length === 0) {
    const shown = evidence(exchange, 'response.status', '200, headers not recorded');
    return {
      kind: 'open',
      subject,
      message: 'The recording does not hold the headers of the token response.',
      evidence: [shown],
      missing: ['response-headers'],
    };
  }
  const shown = evidence(exchange, 'response.headers.cache-control', 'no-store');
  return {
    kind: 'pass',
    subject,
    message: `The answer to the ${kindName(bound)} is as OAuth has it.`,
    evidence: [shown],
  };
}

interface Fault {
  readonly what: string;
  readonly shown: Evidence;
}

function* headerFaults({ exchange }: TokenExchange): Generator<Fault> {
  const { headers } = exchange.response;
  if (headers.length === 0) return;
  const value = header(headers, 'cache-control');
  const directives = (value ?? '').split(',').map((directive) => directive.trim().toLowerCase());
  if (directives.includes('no-store')) return;
  const part = value === null ? 'response.status' : 'response.headers.cache-control';
  yield {
    what: 'may be stored (no Cache-Control: no-store)',
    shown: evidence(exchange, part, value ?? 'no Cache-Control'),
  };
}

/** Only of a body that the recording holds: what is absent from it was not sent. */
function* bodyFaults({ exchange, response }: TokenExchange): Generator<Fault> {
  const { body, headers } = exchange.response;
  if (body.state !== 'whole' || body.text === '') return;
  const type = mediaType(header(headers, 'content-type') ?? body.mimeType);
  const shown = (note: string): Evidence => evidence(exchange, 'response.content', note);
  if (type !== '' && !isJsonType(type)) yield { what: `is ${type} and not JSON`, shown: shown(type) };
  if (!response?.accessToken) yield { what: 'has no access_token', shown: shown('no access_token') };
  else if (response.tokenType === null) yield { what: 'has no token_type', shown: shown('no token_type') };
}
