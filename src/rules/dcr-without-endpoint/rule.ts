import { readPlace } from '../../protocol/url.ts';
import { isAbsent } from '../../story/gateways.ts';
import { documentAt } from '../../story/issuer-documents.ts';
import { isSameIssuer } from '../../story/issuers.ts';
import type { AuthorizationServerDocument, Registration, Server, Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { boundRegistrations, isGuessedEndpoint, registrationEndpoints } from '../shared/registration/registration.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** Registration goes to the endpoint that the metadata names, and nowhere where it names none. */
export const rule = defineRule({
  id: 'dcr-without-endpoint',
  title: 'Registration sent to a guessed endpoint',
  party: 'client',
  level: 'warning',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'dynamic-client-registration', 'client-registration'),
    mcp('2025-11-25', 'client-registration-approaches'),
    rfc(8414, '2'),
  ],
  fix: 'Where the metadata has no registration_endpoint, ask the user for a client_id in place of guessing one.',
  *judge(story) {
    const endpoints = registrationEndpoints(story);
    const bound = new Map(boundRegistrations(story).map(({ registration, server }) => [registration, server]));
    for (const registration of story.registrations) {
      if (registration.source === 'cimd') continue;
      const target = readPlace(registration.exchange.url);
      const server =
        bound.get(registration) ?? story.servers.find(({ url }) => readPlace(url)?.origin === target?.origin);
      if (!server || !target) continue;
      const advertised = endpoints.has(target.endpoint);
      if (!advertised && !isGuessedEndpoint(target.endpoint)) continue;
      yield judge(story, registration, server, advertised);
    }
  },
});

function judge(story: Story, registration: Registration, server: Server, advertised: boolean): Judgement {
  const { exchange, issuer } = registration;
  const subject = server.url;
  const sent = evidence(exchange, 'request.url', `${exchange.method} ${exchange.url}`);
  if (advertised)
    return {
      kind: 'pass',
      subject,
      message: 'The client registered at the endpoint that the metadata names.',
      evidence: [sent],
    };
  const documents = metadataOf(story, registration, server);
  const [document] = documents;
  if (!document) {
    if (isMetadataAbsent(story, issuer)) {
      return {
        kind: 'notApplicable',
        subject,
        message: 'The authorization server has no metadata; clients fall back to default endpoints there.',
        evidence: [sent],
      };
    }
    const message =
      'Whether the client registered at the endpoint that the metadata names cannot be told: the metadata is not in the log.';
    return { kind: 'open', subject, message, evidence: [sent], missing: ['authorization-server-metadata'] };
  }
  // Another endpoint than the one that is named is a configured one, or a newer document's.
  if (documents.some(({ metadata }) => metadata.registrationEndpoint !== null)) {
    const message = 'The metadata names another registration endpoint; where this one came from is not in the log.';
    return { kind: 'open', subject, message, evidence: [sent], missing: ['authorization-server-metadata'] };
  }
  return {
    kind: 'fail',
    // Refused: the person was left without a sign-in.
    level: exchange.response.status >= 400 ? 'warning' : levelSince(server, '2025-11-25', 'warning'),
    subject,
    message: `The authorization server names no registration_endpoint, and the client registered at ${exchange.url} all the same${sinceWords(server, '2025-11-25')}.`,
    evidence: [sent, evidence(document.exchange, 'response.content', 'no registration_endpoint')],
  };
}

/** The metadata the client had read: that of the request's issuer, else that of the servers' own (a guess at the resource's origin). */
function metadataOf(story: Story, { issuer, exchange }: Registration, server: Server): AuthorizationServerDocument[] {
  const own = documentAt(story, issuer, exchange.sent);
  if (own) return own.exchange.sent <= exchange.sent ? [own] : [];
  return server.issuers
    .map((named) => documentAt(story, named, exchange.sent))
    .filter((document) => document !== null && document.exchange.sent <= exchange.sent)
    .filter((document) => document !== null);
}

/** Every place where the issuer's metadata was looked for answered that it is not there. */
function isMetadataAbsent(story: Story, issuer: string): boolean {
  const sought = story.discovery.filter(({ issuers }) => issuers.some((named) => isSameIssuer(named, issuer)));
  return sought.length > 0 && sought.every(({ exchange }) => isAbsent(exchange));
}
