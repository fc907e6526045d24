import type { AuthorizeOptions, TokenOptions, Traffic, TrafficOptions } from '../traffic/traffic.ts';
import { ISSUER, traffic } from '../traffic/traffic.ts';

/** How a first sign-in differs from the ordinary one. */
export interface SignIn extends TrafficOptions {
  /** `scope` of the 401; null leaves it out. */
  readonly challenged?: string | null;
  /** `scopes_supported` of the protected resource metadata; null: there is none of it. */
  readonly published?: readonly string[] | null;
  /** Members of the authorization server's metadata; null: it is not in the log. */
  readonly members?: Readonly<Record<string, unknown>> | null;
  readonly az?: AuthorizeOptions | null;
  /** null: the code is not redeemed in the log. */
  readonly tk?: TokenOptions | null;
}

/** The metadata promises `iss` (RFC 9207). */
export const PROMISED = { authorization_response_iss_parameter_supported: true } as const;
/** An authorization response as it should be. */
export const NAMED = { answer: { iss: ISSUER } } as const;

/** A first sign-in: the request is the step `AZ`, the redirect back `landing`, the code exchange `TK`. */
export function signIn(options: SignIn = {}): Traffic {
  const { challenged = 'r', published = ['r'], members = PROMISED, az = {}, tk = {} } = options;
  const log = traffic(options);
  log.call('initialize', { token: null, body: initialized(options.revision) });
  log.challenge(challenged === null ? {} : { scope: challenged }).as('401');
  if (published !== null) log.prm({ scopes: published }).as('PRM');
  if (members !== null) log.asm({ scopes: ['r', 'w', 'offline_access'], members }).as('ASM');
  log.reg();
  if (az !== null) log.az({ scope: 'r', ...NAMED, ...az }).as('AZ');
  if (tk !== null) log.tk({ scope: 'r', ...tk }).as('TK');
  return log.call('tools/list');
}

/** A sign-in in a pop-up that was not recorded. */
export const UNSEEN = { az: null } as const;
/** The parameters are in a signed object (RFC 9101). */
export const SIGNED = { az: { extra: { request: 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln' } } } as const;

/** The parameters were pushed (RFC 9126) in a request that was not recorded. */
export const PUSHED_UNSEEN = {
  extra: { request_uri: 'urn:ietf:params:oauth:request_uri:0123456789-1' },
  omit: ['response_type', 'redirect_uri', 'code_challenge', 'code_challenge_method', 'state', 'resource', 'scope'],
} as const;

function initialized(revision: SignIn['revision']): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    result: { protocolVersion: revision ?? '', serverInfo: { name: 's', version: '1' }, capabilities: {} },
  });
}
