import { parseUrl } from '../../../protocol/url.ts';
import type { Callback, Story, TokenExchange } from '../../../story/model.ts';
import type { Evidence } from '../../outcome.ts';
import type { Judgement } from '../../rule.ts';
import { evidence, present, rangeOfText, tokenRequestOf } from '../evidence/evidence.ts';
import { levelSince, sinceWords } from '../revision/since.ts';
import { type Answered, judgeResponses, responseParameter } from './authorization-responses.ts';

/** The revision that brought the checks of RFC 9207 into MCP. */
export const ISS_SINCE = '2026-07-28';

/** How the `iss` of an authorization response compares to the issuer of the metadata (RFC 9207 section 2.4). */
export type IssuerMatch = 'absent' | 'same' | 'equivalent' | 'foreign';

/** `equivalent`: different characters, the same URL once normalised (RFC 3986 section 6.2). */
export function matchIssuer(iss: string | null, issuer: string): IssuerMatch {
  if (iss === null) return 'absent';
  if (iss === issuer) return 'same';
  return normalised(iss) === normalised(issuer) ? 'equivalent' : 'foreign';
}

/** Case of scheme and host, default port, dot segments and the slash at the end, percent-encoding of unreserved characters. */
function normalised(url: string): string {
  const parsed = parseUrl(url);
  if (parsed === null) return url;
  let end = parsed.pathname.length;
  while (end > 0 && parsed.pathname.charCodeAt(end - 1) === 0x2f) end -= 1;
  const path = parsed.pathname.slice(0, end).split('/').map(unescaped).join('/');
  return `${parsed.protocol}//${parsed.host}${path}${parsed.search}`;
}

function unescaped(segment: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(segment));
  } catch {
    return segment;
  }
}

/** Whether the metadata promises `iss` (RFC 9207 section 3); null when it is not in the log. */
export function advertisesIss({ document }: Answered): boolean | null {
  return document === null ? null : document.metadata.issParameterSupported === true;
}

/** `iss` in an authorization response, or that there is none. */
export function issOf(callback: Callback): Evidence {
  const { iss } = callback.response;
  return responseParameter(callback, 'iss', iss === null ? 'no iss' : `iss=${iss}`);
}

/** The issuer, or the promise of `iss`, in the metadata. */
export function issuerOf({ document }: Answered): Evidence | null {
  if (document === null) return null;
  const { exchange, metadata } = document;
  return evidence(
    exchange,
    'response.content',
    `issuer: ${metadata.issuer}`,
    rangeOfText(exchange.response.body.text, `"${metadata.issuer}"`),
  );
}

/** Response, token request and metadata: what shows that a response was used. */
export function issuerEvidence(answered: Answered): Evidence[] {
  const { callback, redeemed } = answered;
  return present([issOf(callback), redeemed ? tokenRequestOf(redeemed) : null, issuerOf(answered)]);
}

/** Open, for want of the authorization server's metadata. */
export function withoutMetadata({ server, callback }: Answered): Judgement {
  return {
    kind: 'open',
    subject: server.url,
    message: "The authorization server's metadata is not in the log, so its issuer is unknown.",
    evidence: [issOf(callback)],
    missing: ['authorization-server-metadata'],
  };
}

/** What a client that should have rejected a response did: redeemed its code, left it alone, or nobody saw. */
export function judgeUse(answered: Answered, fault: string): Judgement {
  const { server, redeemed, leftAlone } = answered;
  const judged = { subject: server.url, evidence: issuerEvidence(answered) };
  if (redeemed !== null)
    return {
      ...judged,
      kind: 'fail',
      level: levelSince(server, ISS_SINCE, 'error'),
      message: `${fault}, and the client redeemed its code${outcomeOf(redeemed)}${sinceWords(server, ISS_SINCE)}.`,
    };
  if (leftAlone) return { ...judged, kind: 'pass', message: `${fault}, and the client left its code alone.` };
  return {
    ...judged,
    kind: 'open',
    message: `${fault}; whether the client redeemed its code is not in the log.`,
    missing: ['token-request'],
  };
}

function outcomeOf({ exchange }: TokenExchange): string {
  return exchange.response.status === 200 ? '' : `, though the token endpoint answered ${exchange.response.status}`;
}

/**
 * Judges the comparison of a present `iss` (RFC 9207 section 2.4), where the authorization server
 * advertises it or where it does not; one that differs only in spelling belongs to another rule.
 */
export function judgeComparison(story: Story, advertised: boolean): readonly Judgement[] {
  return judgeResponses(story, (answered) => {
    const { server, callback, document } = answered;
    const { iss, code } = callback.response;
    if (iss === null || code === null) return null;
    if (document === null) return withoutMetadata(answered);
    if (advertisesIss(answered) !== advertised) return null;
    const match = matchIssuer(iss, document.metadata.issuer);
    if (match === 'equivalent') return null;
    if (match === 'same')
      return {
        kind: 'pass',
        subject: server.url,
        message: `The authorization response came from ${iss}, as it should.`,
        evidence: issuerEvidence(answered),
      };
    return judgeUse(
      answered,
      `The authorization response says it comes from ${iss}, the authorization server is ${document.metadata.issuer}`,
    );
  });
}
