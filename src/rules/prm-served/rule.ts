import { type Exchange, header } from '../../exchange/exchange.ts';
import { asObject, parseJson, stringMember } from '../../protocol/json.ts';
import { endpointOf, urlKey } from '../../protocol/url.ts';
import { isDecided } from '../../story/answers.ts';
import { isGated } from '../../story/gateways.ts';
import type { Discovery, Server } from '../../story/model.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import {
  type AdvertisedMetadata,
  advertisedMetadata,
  advertisementOf,
} from '../shared/discovery/advertised-metadata.ts';
import { memberOf, quoted, statusOf } from '../shared/evidence/document.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9728 section 3.2: the URL that a challenge names answers 200 with the document, as JSON. */
export const rule = defineRule({
  id: 'prm-served',
  title: 'The advertised protected resource metadata is not delivered',
  party: 'server',
  level: 'error',
  since: '2025-06-18',
  spec: [
    mcp('2026-07-28', 'authorization-server-location', 'authorization-server-discovery'),
    mcp('2025-11-25', 'authorization-server-location'),
    mcp('2025-06-18', 'authorization-server-location'),
    rfc(9728, '3.1'),
    rfc(9728, '3.2'),
  ],
  fix: 'Serve the document as application/json, without authentication, at the URL that the challenge names.',
  *judge(story) {
    const fetches = new Map<string, Exchange[]>();
    for (const { exchange } of story.discovery.filter(isOfResource)) {
      const key = urlKey(exchange.url);
      const same = fetches.get(key);
      if (same) same.push(exchange);
      else fetches.set(key, [exchange]);
    }
    for (const server of story.servers) {
      for (const advertised of advertisedMetadata(server)) yield judge(server, advertised, fetches);
    }
  },
});

function isOfResource({ kind }: Discovery): boolean {
  return kind === 'protected-resource';
}

type Verdict = { readonly good: true } | { readonly good: false; readonly why: string; readonly seen: Evidence };

function judge(
  server: Server,
  advertised: AdvertisedMetadata,
  fetches: ReadonlyMap<string, readonly Exchange[]>,
): Judgement {
  const answers = (fetches.get(advertised.key) ?? []).map((exchange) => followed(exchange, fetches));
  const judged = { subject: server.url, occasion: endpointOf(advertised.url) };
  const challenge = advertisementOf(advertised.call);
  const verdicts = answers.map((exchange) => ({ exchange, verdict: verdictOn(exchange) }));
  const good = verdicts.find(({ verdict }) => verdict?.good);
  const bad = verdicts.find(({ exchange, verdict }) => verdict && !verdict.good && (isDecided(exchange) || !good));
  if (bad?.verdict && !bad.verdict.good) {
    const message = `The server names ${quoted(advertised.url)} as its protected resource metadata, and that address ${bad.verdict.why}${sinceWords(server, '2025-06-18')}.`;
    return {
      ...judged,
      kind: 'fail',
      level: levelSince(server, '2025-06-18', 'error'),
      message,
      evidence: [bad.verdict.seen, challenge],
    };
  }
  if (good) {
    return {
      ...judged,
      kind: 'pass',
      message: 'The advertised protected resource metadata is served as JSON.',
      evidence: [memberOf(good.exchange, 'resource', 'resource'), challenge],
    };
  }
  const [first] = answers;
  return {
    ...judged,
    kind: 'open',
    message: `The answer of ${quoted(advertised.url)}, which the challenge names, is not in the log.`,
    evidence: first ? [statusOf(first), challenge] : [challenge],
    missing: ['protected-resource-metadata'],
  };
}

/** Where redirects lead, as far as the log shows it: one fetch has at most this many hops. */
const MAX_HOPS = 5;

function followed(exchange: Exchange, fetches: ReadonlyMap<string, readonly Exchange[]>): Exchange {
  let at = exchange;
  for (let hop = 0; hop < MAX_HOPS && at.response.location !== null; hop += 1) {
    const target = resolved(at.response.location, at.url);
    const from = at;
    const next = fetches.get(target)?.find((other) => other !== from && other.sent >= from.sent);
    if (!next) return at;
    at = next;
  }
  return at;
}

function resolved(location: string, base: string): string {
  try {
    return urlKey(new URL(location, base).href);
  } catch {
    return location;
  }
}

/** Null where the recording does not tell: no answer, a redirect out of sight, a body that was not kept. */
function verdictOn(exchange: Exchange): Verdict | null {
  const { status, headers, body } = exchange.response;
  if (status === 0 || status < 200 || (status >= 300 && status < 400) || isGated(exchange)) return null;
  if (status !== 200) return { good: false, why: `answers ${status}`, seen: statusOf(exchange) };
  const type = header(headers, 'content-type');
  const media = type?.split(';')[0]?.trim().toLowerCase() ?? '';
  const length = header(headers, 'content-length');
  if (body.state === 'whole') {
    const document = asObject(parseJson(body.text));
    if (document === null)
      return {
        good: false,
        why: 'does not answer with a JSON object',
        seen: evidence(exchange, 'response.content', media === '' ? 'no JSON object' : media),
      };
    if (stringMember(document, 'resource') === null)
      return {
        good: false,
        why: 'answers with a document that has no resource',
        seen: evidence(exchange, 'response.content', 'no resource'),
      };
  } else if (body.state === 'absent' && length === '0') {
    return { good: false, why: 'answers without a body', seen: statusOf(exchange) };
  }
  if (media !== '' && media !== 'application/json') {
    return {
      good: false,
      why: `answers with ${quoted(media)}, not application/json`,
      seen: evidence(exchange, 'response.headers.content-type', quoted(type ?? '')),
    };
  }
  return body.state === 'whole' ? { good: true } : null;
}
