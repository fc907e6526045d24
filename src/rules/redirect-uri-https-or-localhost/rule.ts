import { rangesOfStrings } from '../../protocol/json-range.ts';
import type { Range } from '../../protocol/range.ts';
import type { Registration, Server, Story } from '../../story/model.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { short } from '../shared/evidence/short.ts';
import { redirectKind } from '../shared/registration/redirect-uri.ts';
import { boundRegistrations } from '../shared/registration/registration.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { SECURITY_PAGE } from '../shared/spec/registration-links.ts';

/** The code travels back over https, or stays on the user's machine. Each redirect URI is one occasion. */
export const rule = defineRule({
  id: 'redirect-uri-https-or-localhost',
  title: 'Redirect URI neither https nor localhost',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'communication-security', SECURITY_PAGE),
    mcp('2025-11-25', 'communication-security'),
    mcp('2025-06-18', 'communication-security'),
    mcp('2025-03-26', 'security-considerations'),
    rfc(8252, '7'),
  ],
  fix: 'Use a redirect URI with https, or one on localhost.',
  *judge(story) {
    for (const { uri, server, shown } of redirectUris(story)) {
      const judgement = judge(uri, server, shown);
      if (judgement) yield judgement;
    }
  },
});

interface Named {
  readonly uri: string;
  readonly server: Server;
  readonly shown: Evidence;
}

/** The redirect URIs that clients register and ask for; a repetition adds evidence to the same occasion, once per kind of request. */
function* redirectUris(story: Story): Generator<Named> {
  const known = new Set<string>();
  const isNew = (place: string, uri: string, server: Server): boolean => {
    const key = JSON.stringify([place, uri, server.url]);
    return !known.has(key) && known.add(key) !== null;
  };
  for (const { registration, server } of boundRegistrations(story)) {
    const uris = new Set(registration.request?.redirectUris ?? []);
    const ranges = rangesOfStrings(registration.exchange.request.body.text, uris);
    for (const uri of uris)
      if (isNew('registration', uri, server))
        yield { uri, server, shown: registeredUri(registration, uri, ranges.get(uri)?.[0] ?? null) };
  }
  for (const { authorization, server } of story.grants) {
    const uri = authorization?.request.redirectUri ?? null;
    if (!authorization || !server || uri === null || !isNew('authorization', uri, server)) continue;
    yield { uri, server, shown: parameterOf(authorization, 'redirect_uri') };
  }
}

function registeredUri({ exchange }: Registration, uri: string, range: Range | null): Evidence {
  return evidence(exchange, 'request.postData', `redirect_uris: ${short(uri)}`, range);
}

function judge(uri: string, server: Server, shown: Evidence): Judgement | null {
  const kind = redirectKind(uri);
  const judged = { subject: server.url, evidence: [shown], occasion: uri };
  switch (kind) {
    case 'https':
    case 'loopback':
      return {
        ...judged,
        kind: 'pass',
        message: `The redirect URI ${short(uri)} ${kind === 'https' ? 'uses https' : 'stays on this machine'}.`,
      };
    case 'plain-http':
      return {
        ...judged,
        kind: 'fail',
        message: `The redirect URI ${short(uri)} carries the code over plain http to another machine.`,
      };
    case 'custom': {
      const message = `The redirect URI ${short(uri)} has a scheme of its own; MCP asks for https or localhost, though RFC 8252 allows it to native apps.`;
      return { ...judged, kind: 'fail', level: 'warning', message };
    }
    default:
      return null;
  }
}
