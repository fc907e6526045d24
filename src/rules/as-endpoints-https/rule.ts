import { member } from '../../protocol/json.ts';
import { endpointOf, readPlace } from '../../protocol/url.ts';
import { type IssuerDocument, issuerDocuments } from '../../story/issuer-documents.ts';
import type { Server, Story } from '../../story/model.ts';
import { isPlaintext } from '../../story/plaintext.ts';
import { signInSteps } from '../../story/sign-in-steps.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { unseenIssuerMetadata } from '../shared/discovery/unseen-metadata.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { mcp, oauth21 } from '../shared/spec/links.ts';

/** All endpoints of the authorization server are served over TLS. */
export const rule = defineRule({
  id: 'as-endpoints-https',
  title: 'An endpoint of the authorization server is not encrypted',
  party: 'authorization-server',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'communication-security', 'security-considerations'),
    mcp('2025-11-25', 'communication-security'),
    mcp('2025-06-18', 'communication-security'),
    mcp('2025-03-26', 'security-considerations'),
    oauth21('1.5'),
  ],
  fix: 'Serve the authorization server over https, and publish https addresses in its metadata.',
  *judge(story) {
    const told = new Set<string>();
    for (const known of issuerDocuments(story)) {
      const { judgement, plain } = judgeDocument(known);
      for (const url of plain) told.add(`${known.server.url} ${endpointOf(url)}`);
      yield judgement;
    }
    for (const server of story.servers) {
      const faults = [...judgeRequests(story, server, told)];
      yield* faults;
      const unseen = faults.length === 0 ? unseenIssuerMetadata(story, server) : null;
      if (unseen) yield unseen;
    }
  },
});

/** Members of the metadata that are addresses of the authorization server (RFC 8414 section 2). */
function addressesOf({ document: { metadata } }: IssuerDocument): [name: string, url: string][] {
  const names = Object.keys(metadata.raw).filter(
    (name) => name === 'issuer' || name === 'jwks_uri' || name.endsWith('_endpoint'),
  );
  return names.flatMap((name): [string, string][] => {
    const value = member(metadata.raw, name);
    return typeof value === 'string' ? [[name, value]] : [];
  });
}

function judgeDocument(known: IssuerDocument): { readonly judgement: Judgement; readonly plain: readonly string[] } {
  const { server, document } = known;
  const { exchange, metadata } = document;
  const addresses = addressesOf(known);
  const plain = addresses.filter(([, url]) => isPlaintext(url));
  const judged = { subject: server.url, occasion: endpointOf(exchange.url) };
  if (plain.length > 0) {
    const names = plain.map(([name]) => name).join(', ');
    const message = `The metadata of ${quoted(metadata.issuer)} gives unencrypted addresses: ${quoted(names)}.`;
    const seen = plain.map(([name, url]) => memberOf(exchange, name, `${name}: ${url}`));
    return { judgement: { ...judged, kind: 'fail', message, evidence: seen }, plain: plain.map(([, url]) => url) };
  }
  const seen = [memberOf(exchange, 'issuer', `issuer: ${metadata.issuer}`)];
  if (addresses.some(([, url]) => readPlace(url)?.protocol === 'http:')) {
    const message = 'The authorization server is on this machine, where https is not asked for.';
    return { judgement: { ...judged, kind: 'notApplicable', message, evidence: seen }, plain: [] };
  }
  const message = `All addresses of ${quoted(metadata.issuer)} are encrypted.`;
  return { judgement: { ...judged, kind: 'pass', message, evidence: seen }, plain: [] };
}

/** Requests to unencrypted endpoints that no metadata in the log gives; each endpoint once. */
function* judgeRequests(story: Story, server: Server, told: Set<string>): Generator<Judgement> {
  for (const { exchange } of signInSteps(story, server)) {
    if (!isPlaintext(exchange.url)) continue;
    const endpoint = endpointOf(exchange.url);
    const key = `${server.url} ${endpoint}`;
    if (told.has(key)) continue;
    told.add(key);
    const message = `The client was made to use ${quoted(endpoint)}, which is not encrypted.`;
    yield {
      kind: 'fail',
      subject: server.url,
      message,
      evidence: [evidence(exchange, 'request.url', endpoint)],
      occasion: endpoint,
    };
  }
}
