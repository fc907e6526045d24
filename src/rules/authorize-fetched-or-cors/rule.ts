import { header } from '../../exchange/exchange.ts';
import type { Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { FETCH_CORS, mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9700 section 2.6: the authorization endpoint is navigated to; CORS MUST NOT be supported there. */
export const rule = defineRule({
  id: 'authorize-fetched-or-cors',
  title: 'The authorization endpoint is open to scripts',
  party: 'authorization-server',
  level: 'error',
  since: '2025-03-26',
  spec: [rfc(9700, '2.6'), mcp('2026-07-28', 'overview'), FETCH_CORS],
  fix: 'Send no CORS headers from the authorization endpoint.',
  *judge(story) {
    yield* judge(story);
  },
});

function* judge(story: Story): Generator<Judgement> {
  for (const { server, authorization } of story.grants) {
    // What a proxy fetched says nothing of browsers.
    if (!server || !authorization || authorization.exchange.envelope) continue;
    const { exchange } = authorization;
    const subject = server.url;
    const fetched = exchange.resourceType === 'fetch' || exchange.resourceType === 'xhr';
    if (fetched) {
      const message = `The client sent the authorization request by ${exchange.resourceType} in place of a navigation, so the authorization server can show the user no page.`;
      yield {
        kind: 'fail',
        level: 'note',
        party: 'client',
        subject,
        message,
        evidence: [evidence(exchange, 'request.url', exchange.resourceType ?? '')],
        fix: 'Navigate the browser to the authorization endpoint.',
      };
    }
    const { headers, status } = exchange.response;
    const allowed = header(headers, 'access-control-allow-origin');
    if (allowed !== null) {
      const message = `The authorization endpoint answers scripts of other origins: Access-Control-Allow-Origin is ${allowed}.`;
      yield {
        kind: 'fail',
        subject,
        message,
        evidence: [
          evidence(
            exchange,
            'response.headers.access-control-allow-origin',
            allowed,
            allowed === '' ? null : [0, allowed.length],
          ),
        ],
      };
    } else if (status > 0 && headers.length > 0) {
      if (!fetched)
        yield {
          kind: 'pass',
          subject,
          message: 'The authorization endpoint allows no other origin to read its answers.',
          evidence: [evidence(exchange, 'response.status', String(status))],
        };
    } else {
      yield {
        kind: 'open',
        subject,
        message: "The authorization endpoint's answer was recorded without its headers.",
        evidence: [evidence(exchange, 'response.status', String(status))],
        missing: ['response-headers'],
      };
    }
  }
}
