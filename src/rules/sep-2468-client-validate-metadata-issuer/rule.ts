import { endpointOf } from '../../protocol/url.ts';
import { heededFrom } from '../../story/heeded.ts';
import { documentsFor, endpointsOf, type IssuerDocument, issuerDocuments } from '../../story/issuer-documents.ts';
import type { Story } from '../../story/model.ts';
import { type SignInStep, signInSteps } from '../../story/sign-in-steps.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { STEP_NAMES, stepOf } from '../shared/authorization/sign-in.ts';
import { matchIdentifier } from '../shared/discovery/issuer-identity.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** Metadata with another issuer than the one asked for must not be used. */
export const rule = defineRule({
  id: 'sep-2468-client-validate-metadata-issuer',
  title: 'The client used metadata of another issuer',
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'authorization-server-metadata-discovery', 'authorization-server-discovery'),
    mcp('2025-11-25', 'authorization-server-metadata-discovery'),
    rfc(8414, '3.3'),
  ],
  fix: 'Discard the metadata and stop when its issuer is not the identifier that the MCP server names.',
  *judge(story) {
    for (const known of issuerDocuments(story)) {
      const judgement = known.named ? judge(story, known) : null;
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, known: IssuerDocument): Judgement | null {
  const { server, identifier, document } = known;
  const match = matchIdentifier(known);
  if (match === 'slash' || match === 'template') return null;
  const step = firstUse(story, known);
  const { issuer } = document.metadata;
  const judged = { subject: server.url, occasion: `${endpointOf(document.exchange.url)} ${identifier}` };
  const said = memberOf(document.exchange, 'issuer', `issuer: ${issuer}`);
  if (match === 'identical') {
    return step
      ? {
          ...judged,
          kind: 'pass',
          message: 'The client signed in by metadata of the issuer it asked for.',
          evidence: [stepOf(step), said],
        }
      : null;
  }
  const fault = `The client asked for the metadata of ${quoted(identifier)} and got that of ${quoted(issuer)}`;
  if (!step) {
    const message = `${fault}; no use of it is in the log, because the client refused it or the log ends.`;
    return { ...judged, kind: 'open', message, evidence: [said], missing: ['authorization-request'] };
  }
  const message = `${fault}, and ${STEP_NAMES[step.kind]} by it all the same${sinceWords(server, '2025-11-25')}.`;
  return {
    ...judged,
    kind: 'fail',
    level: levelSince(server, '2025-11-25', 'error'),
    message,
    evidence: [stepOf(step), said],
  };
}

/** The first step at an endpoint that this document gives, and no better document of the server does. */
function firstUse(story: Story, { server, document }: IssuerDocument): SignInStep | null {
  const endpoints = endpointsOf(document);
  const better = documentsFor(story, server).filter(
    (other) => other.document !== document && matchIdentifier(other) !== 'foreign',
  );
  const since = heededFrom(document.exchange);
  return (
    signInSteps(story, server).find(({ kind, exchange }) => {
      const endpoint = endpointOf(exchange.url);
      if (kind === 'refresh' || exchange.sent < since || !endpoints.has(endpoint)) return false;
      return !better.some((other) => endpointsOf(other.document).has(endpoint));
    }) ?? null
  );
}
