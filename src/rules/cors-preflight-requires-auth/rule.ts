import { header } from '../../exchange/exchange.ts';
import { endsWithin } from '../../story/log-end.ts';
import type { ServerPreflight, Story } from '../../story/model.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { FETCH_CORS, mcp } from '../shared/spec/links.ts';

/** A preflight never carries a token, so a server that asks it for one is closed to every page. */
export const rule = defineRule({
  id: 'cors-preflight-requires-auth',
  title: "The browser's preflight is refused",
  party: 'server',
  level: 'warning',
  since: null,
  spec: [FETCH_CORS, mcp('2026-07-28', 'overview')],
  fix: 'Answer OPTIONS with 204 before any authentication, and allow the headers that MCP clients send.',
  *judge(story) {
    for (const preflight of story.preflights) {
      const judgement = judge(story, preflight);
      if (judgement) yield { ...judgement, occasion: `${preflight.refused} ${preflight.exchange.response.status}` };
    }
  },
});

/** A request that a preflight let through follows it at once, milliseconds. */
const WINDOW = 5000;

function judge(story: Story, { exchange, server, refused, disallowed, call }: ServerPreflight): Judgement | null {
  const subject = server.url;
  const { status } = exchange.response;
  const shown = evidence(exchange, 'response.status', `preflight answered ${status}`);
  if (refused === null) {
    if (status === 0 || exchange.response.headers.length === 0) return null;
    return { kind: 'pass', subject, message: 'The preflight went through.', evidence: [shown] };
  }
  // A page for which CORS is switched off sends its request all the same: nobody was kept out.
  if (call && call.status > 0) return null;
  const seen: Evidence[] = refused === 'status' ? [shown] : [allowedOf({ exchange, disallowed })];
  if (call) seen.push(evidence(call.exchange, 'request.url', call.exchange.error ?? 'no answer'));
  if (!call && endsWithin(story, exchange.answered, WINDOW)) {
    const message =
      'The preflight was refused, and the log ends too soon to tell whether the request was sent all the same.';
    return { kind: 'open', subject, message, evidence: seen, missing: ['later-traffic'] };
  }
  const origin = header(exchange.request.headers, 'origin');
  const page = origin === null ? 'A page' : `The page at ${origin}`;
  const why = refused === 'status' ? `it was answered ${status}` : `the answer does not allow ${disallowed.join(', ')}`;
  return {
    kind: 'fail',
    subject,
    message: `${page} cannot reach the server: the browser asked for leave in a preflight, and ${why}.`,
    evidence: seen,
  };
}

function allowedOf({ exchange, disallowed }: Pick<ServerPreflight, 'exchange' | 'disallowed'>): Evidence {
  const allowed = header(exchange.response.headers, 'access-control-allow-headers');
  const note = `without ${disallowed.join(', ')}`;
  return evidence(
    exchange,
    allowed === null ? 'response.status' : 'response.headers.access-control-allow-headers',
    note,
  );
}
