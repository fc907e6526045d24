import { canonicalUrl, isWithin, sameResource } from '../../protocol/resource.ts';
import { parseUrl } from '../../protocol/url.ts';
import type { Server, Story } from '../../story/model.ts';
import { isMetadataAbsent } from '../../story/resource-documents.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Asked, judgeRequests } from '../shared/authorization/authorization-requests.ts';
import { responseParameter } from '../shared/authorization/authorization-responses.ts';
import { evidence, present, rangeOfText, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { namedValue } from '../shared/evidence/parameters.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

const SINCE = '2025-06-18';

/** RFC 8707 section 2 with RFC 9728 section 3.3: the `resource` of the metadata, or the URL of the MCP server. */
export const rule = defineRule({
  id: 'resource-parameter-canonical',
  title: 'The resource is not this MCP server',
  party: 'client',
  level: 'error',
  since: SINCE,
  spec: [
    mcp('2026-07-28', 'canonical-server-uri'),
    mcp(SINCE, 'canonical-server-uri'),
    rfc(8707, '2'),
    rfc(9728, '3.3'),
  ],
  fix: "Send the resource of the protected resource metadata as it stands, or the MCP server's URL where there is none.",
  judge: (story) => judgeRequests(story, (asked) => judge(story, asked)),
});

function judge(story: Story, asked: Asked): Judgement | null {
  const { grant, server, authorization, request } = asked;
  const given = request.resources.filter((resource) => resource !== '' && parseUrl(resource) !== null);
  const [first] = given;
  if (first === undefined) return null;
  const named = [...new Set(server.metadata.flatMap(({ metadata }) => metadata.resource ?? []))];
  const subject = server.url;
  const sent = given.map((resource) => namedValue(authorization, 'resource', resource));
  if (given.some((resource) => named.includes(resource) || isServerUrl(resource, server, named))) {
    return { kind: 'pass', subject, message: `The resource ${first} is this MCP server.`, evidence: sent };
  }
  if (named.length === 0 && !isMetadataAbsent(story, server)) {
    const message = `The client asked for ${first}; whether the protected resource metadata names it so is not in the log.`;
    return { kind: 'open', subject, message, evidence: sent, missing: ['protected-resource-metadata'] };
  }
  const expected = named[0] ?? server.url;
  const refused = refusal(grant);
  const seen = present([...sent, resourceOf(server), refused]);
  const fail = (level: 'error' | 'note', why: string): Judgement => ({
    kind: 'fail',
    level: level === 'error' ? levelSince(server, SINCE, 'error') : refused ? 'warning' : 'note',
    subject,
    message: `The client asked for ${given.join(', ')}, and the server is ${expected}: ${why}${refused ? ', and the authorization server answered invalid_target' : ''}${sinceWords(server, SINCE)}.`,
    evidence: seen,
  });
  if (given.some((resource) => [...named, server.url].some((name) => sameResource(resource, name)))) {
    return fail(
      'note',
      'only the spelling differs (letter case, default port or a slash at the end), which a strict authorization server may refuse',
    );
  }
  if (given.some((resource) => isWithin(server.url, resource)))
    return fail('note', 'it is a parent of this server, and the most specific URI is better');
  return fail('error', 'another resource');
}

/** The URL as it was called, a query of its own allowed; a bare origin's slash is spelling, once the metadata has another. */
function isServerUrl(resource: string, server: Server, named: readonly string[]): boolean {
  const question = resource.indexOf('?');
  const plain = question < 0 ? resource : resource.slice(0, question);
  if (plain === server.url) return !named.includes(plain.endsWith('/') ? plain.slice(0, -1) : `${plain}/`);
  return `${plain}/` === server.url && canonicalUrl(plain) === plain;
}

function resourceOf({ metadata: [document] }: Server): Evidence | null {
  const resource = document?.metadata.resource ?? null;
  if (!document || resource === null) return null;
  return evidence(
    document.exchange,
    'response.content',
    `resource: ${resource}`,
    rangeOfText(document.exchange.response.body.text, `"${resource}"`),
  );
}

/** RFC 8707 section 2: `invalid_target`, in the redirect or at the token endpoint. */
function refusal({ callback, token }: Asked['grant']): Evidence | null {
  if (callback?.response.error === 'invalid_target')
    return responseParameter(callback, 'error', 'error=invalid_target');
  return token?.response?.error === 'invalid_target' ? tokenAnswerOf(token) : null;
}
