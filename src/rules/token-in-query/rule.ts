import { formField } from '../../protocol/form.ts';
import { readTarget } from '../../protocol/url.ts';
import type { Server, Story } from '../../story/model.ts';
import { isOAuthServer } from '../../story/oauth-servers.ts';
import { isLocal } from '../../story/plaintext.ts';
import { signInSteps } from '../../story/sign-in-steps.ts';
import { those, walked } from '../../story/walk.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { few } from '../shared/evidence/short.ts';
import { mcp, oauth21, rfc } from '../shared/spec/links.ts';
import { callsByCredential, credentialOf } from '../shared/tokens/carried-tokens.ts';
import { type StraySighting, strayTokens } from '../shared/tokens/stray-tokens.ts';

/** URLs end in histories, logs and Referer headers; tokens must not. */
export const rule = defineRule({
  id: 'token-in-query',
  title: 'Access token in the URL',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'token-requirements'),
    mcp('2025-11-25', 'token-requirements'),
    mcp('2025-06-18', 'token-requirements'),
    mcp('2025-03-26', 'token-requirements'),
    rfc(6750, '2.3'),
    oauth21('5.1'),
  ],
  fix: 'Move the token from the URL to the Authorization header.',
  *judge(story) {
    const places = new Places(story);
    for (const server of story.servers) {
      const judgement = judge(story, server, places.of(server));
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, server: Server, found: readonly Evidence[]): Judgement | null {
  const subject = server.url;
  const occasion = server.url;
  if (found.length > 0) {
    const message = `An access token stands in ${found[0]?.part === 'request.url' ? 'the URL' : 'the Referer header'} of a request, where logs and histories keep it.`;
    return { kind: 'fail', subject, occasion, message, evidence: few(found) };
  }
  const key = keyInQuery(story, server);
  if (key) {
    const message = 'The URL of the MCP server holds a key of its own kind; in a URL it is kept by logs and histories.';
    return { kind: 'fail', level: 'note', subject, occasion, message, evidence: [key] };
  }
  const call = [...callsByCredential(server).values()][0]?.[0];
  if (!call) return null;
  const message = 'No URL holds an access token.';
  return { kind: 'pass', subject, occasion, message, evidence: [credentialOf(call, 'the access token')] };
}

/** Where URLs hold access tokens, by the server that they are for. */
class Places {
  readonly #story: Story;
  readonly #strays = new Map<Server, StraySighting[]>();

  constructor(story: Story) {
    this.#story = story;
    for (const { server, sightings } of strayTokens(story)) {
      for (const sighting of sightings) {
        if (!isInUrl(sighting)) continue;
        const owner = sighting.at ?? server;
        const list = this.#strays.get(owner);
        if (list) list.push(sighting);
        else this.#strays.set(owner, [sighting]);
      }
    }
  }

  of(server: Server): Evidence[] {
    const found = new Map<string, Evidence>();
    const add = (one: Evidence): void => {
      const key = `${one.entry} ${one.part}`;
      if (!found.has(key)) found.set(key, one);
    };
    for (const { exchange, part, range } of this.#strays.get(server) ?? [])
      add(evidence(exchange, part, 'the access token', range));
    const steps = signInSteps(this.#story, server).filter(({ kind }) => kind === 'token' || kind === 'refresh');
    for (const { exchange } of [...walked(server, withQuery), ...steps]) {
      if (!exchange.url.includes('access_token=')) continue;
      const field = formField(readTarget(exchange.url)?.query ?? { fields: [] }, 'access_token');
      if (field && field.value !== '') add(evidence(exchange, 'request.url', 'access_token', field.range));
    }
    return [...found.values()].sort((one, other) => one.entry - other.entry);
  }
}

const withQuery = those(({ exchange }) => exchange.url.includes('?'));

/** The fragment of a URL is not sent, and belongs to another rule (implicit flow). */
function isInUrl({ exchange, part, range }: StraySighting): boolean {
  if (part !== 'request.url') return part === 'request.headers.referer';
  const hash = exchange.url.indexOf('#');
  return hash < 0 || range[0] < hash;
}

/** A key that is no OAuth token (guard G18): clients and servers may agree on their own means. */
function keyInQuery(story: Story, server: Server): Evidence | null {
  if (isLocal(server.url) || isOAuthServer(story, server) || callsByCredential(server).size > 0) return null;
  const call = walked(server, withQuery).find(({ exchange }) => exchange.url.includes('token='));
  const field = call ? formField(readTarget(call.exchange.url)?.query ?? { fields: [] }, 'token') : null;
  return call && field && field.value.length >= 16
    ? evidence(call.exchange, 'request.url', 'token', field.range)
    : null;
}
