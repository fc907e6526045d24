import { endpointOf } from '../../protocol/url.ts';
import { isHeeded } from '../../story/heeded.ts';
import { isSameIssuer } from '../../story/issuers.ts';
import type { Server, ServerMetadata, Story } from '../../story/model.ts';
import { metadataDocuments } from '../../story/resource-documents.ts';
import { holdsFor } from '../../story/revisions.ts';
import { type SignInStep, signInSteps } from '../../story/sign-in-steps.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { STEP_NAMES, stepOf } from '../shared/authorization/sign-in.ts';
import { isOfAnother, matchServer } from '../shared/discovery/resource-identity.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9728 section 3.3: metadata of another resource must not be used. A parent path of the same origin is let pass, as every SDK does. */
export const rule = defineRule({
  id: 'resource-mismatch-rejected',
  title: 'The client used the metadata of another resource',
  party: 'client',
  level: 'error',
  since: '2025-06-18',
  spec: [
    rfc(9728, '3.3'),
    rfc(9728, '7.3'),
    mcp('2026-07-28', 'resource-parameter-implementation'),
    mcp('2025-11-25', 'resource-parameter-implementation'),
    mcp('2025-06-18', 'resource-parameter-implementation'),
  ],
  fix: "Stop the sign-in when the metadata's resource is not the MCP server's URL or a parent path of it.",
  *judge(story) {
    for (const server of story.servers) {
      if (!holdsFor(server, '2025-06-18')) continue;
      for (const document of metadataDocuments(server)) {
        const judgement = judge(story, server, document);
        if (judgement) yield judgement;
      }
    }
  },
});

function judge(story: Story, server: Server, document: ServerMetadata): Judgement | null {
  const { exchange, metadata } = document;
  const { resource } = metadata;
  if (resource === null) return null;
  const fits = matchServer(resource, server) !== 'foreign';
  // Which of two servers the client fetched it for cannot be told.
  if (!fits && isOfAnother(story, server, resource)) return null;
  const step = signInSteps(story, server).find(
    (later) => isHeeded(exchange, later.exchange.sent) && leadsTo(document, later),
  );
  const judged = { subject: server.url, occasion: endpointOf(exchange.url) };
  const about = memberOf(exchange, 'resource', `resource: ${resource}`);
  if (fits) {
    return step
      ? {
          ...judged,
          kind: 'pass',
          message: 'The client signed in by metadata that is about this server.',
          evidence: [stepOf(step), about],
        }
      : null;
  }
  const fault = `The metadata is about ${quoted(resource)}, not ${server.url}`;
  if (!step) {
    const message = `${fault}; no sign-in by it is in the log, because the client refused it or the log ends.`;
    return { ...judged, kind: 'open', message, evidence: [about], missing: ['authorization-request'] };
  }
  if (isVouchedFor(server, document, step)) {
    const message = `${fault}, but other metadata of the server names the same authorization server.`;
    return { ...judged, kind: 'notApplicable', message, evidence: [stepOf(step), about] };
  }
  const message = `${fault}, and the client ${STEP_NAMES[step.kind]} at its authorization server ${quoted(step.issuer)} all the same.`;
  return { ...judged, kind: 'fail', message, evidence: [stepOf(step), about] };
}

function leadsTo({ metadata }: ServerMetadata, { issuer, kind }: SignInStep): boolean {
  return kind !== 'refresh' && metadata.authorizationServers.some((named) => isSameIssuer(named, issuer));
}

function isVouchedFor(server: Server, document: ServerMetadata, step: SignInStep): boolean {
  return server.metadata.some(
    (other) =>
      other !== document &&
      other.exchange.sent <= step.exchange.sent &&
      other.metadata.resource !== null &&
      leadsTo(other, step) &&
      matchServer(other.metadata.resource, server) !== 'foreign',
  );
}
