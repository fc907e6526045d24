import type { AuthorizationRequest } from '../../../protocol/authorization.ts';
import { hidesParameters } from '../../../story/authorizations.ts';
import type { Authorization, Chain, Grant, Server, Story } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import type { Judgement } from '../../rule.ts';
import { evidence, tokenRequestOf } from '../evidence/evidence.ts';

/** An authorization request for an MCP server whose parameters are in the log. */
export interface Asked {
  readonly grant: Grant;
  readonly chain: Chain;
  readonly server: Server;
  readonly authorization: Authorization;
  readonly request: AuthorizationRequest;
}

/**
 * Judges every authorization request of the story that is bound to an MCP server. One that was not
 * seen (its token request was), or whose parameters are elsewhere (RFC 9101, RFC 9126), is open.
 */
export function judgeRequests(story: Story, judge: (asked: Asked) => Judgement | null): readonly Judgement[] {
  return authorizationRequests(story).flatMap(({ asked, open }) => (asked === null ? open : (judge(asked) ?? [])));
}

/** An authorization request, as far as the log shows it. */
export type RequestSeen =
  | { readonly asked: Asked; readonly open: null }
  /** It was not recorded, or its parameters are elsewhere. */
  | { readonly asked: null; readonly open: Judgement };

/** Every authorization request of the story that is bound to an MCP server, chain by chain. */
export const authorizationRequests = oncePer((story: Story): readonly RequestSeen[] => {
  const found: RequestSeen[] = [];
  for (const chain of story.chains) {
    const { server } = chain;
    if (!server) continue;
    for (const grant of chain.grants) {
      const { authorization } = grant;
      if (!authorization) {
        const unseen = notRecorded(grant, server);
        if (unseen) found.push({ asked: null, open: unseen });
      } else if (hidesParameters(authorization)) found.push({ asked: null, open: hidden(authorization, server) });
      else found.push({ asked: { grant, chain, server, authorization, request: authorization.request }, open: null });
    }
  }
  return found;
});

function hidden({ exchange, request }: Authorization, server: Server): Judgement {
  const where =
    request.requestObject !== null
      ? 'in a request object (RFC 9101)'
      : 'in a pushed request (RFC 9126) that is not in the log';
  return {
    kind: 'open',
    subject: server.url,
    message: `The parameters of the authorization request are ${where}.`,
    evidence: [evidence(exchange, 'request.url', request.requestObject !== null ? 'request' : 'request_uri')],
    missing: ['authorization-request-parameters'],
  };
}

function notRecorded({ token }: Grant, server: Server): Judgement | null {
  if (token?.request.grantType !== 'authorization_code') return null;
  return {
    kind: 'open',
    subject: server.url,
    message: 'The authorization request was not recorded.',
    evidence: [tokenRequestOf(token)],
    missing: ['authorization-request'],
  };
}
