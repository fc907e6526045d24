import { rangeOfMember } from '../../../protocol/json-range.ts';
import type { Registration } from '../../../story/model.ts';
import type { Evidence } from '../../outcome.ts';
import { evidence } from '../evidence/evidence.ts';
import { short } from '../evidence/short.ts';
import { answeredMember } from './registration.ts';

/** Authentication by a secret that both sides hold, which a public document cannot set up (draft-00 section 4.1). */
const SHARED_SECRET: ReadonlySet<string> = new Set(['client_secret_basic', 'client_secret_post', 'client_secret_jwt']);
const REQUIRED = ['client_id', 'client_name', 'redirect_uris'] as const;

/** One thing that is wrong with a client ID metadata document. */
export interface DocumentFault {
  /** `structure` and `identity` are what an authorization server has to look at as well. */
  readonly kind: 'structure' | 'identity' | 'secret';
  readonly says: string;
  readonly shown: Evidence;
}

/** What is wrong with a client ID metadata document (MCP, implementation requirements); empty when nothing is. */
export function documentFaults(document: Registration): DocumentFault[] {
  const { response, clientId, exchange } = document;
  if (!response) return [];
  const faults: DocumentFault[] = [];
  for (const name of REQUIRED) {
    const value =
      name === 'redirect_uris' ? response.redirectUris : name === 'client_id' ? response.clientId : response.clientName;
    if (value === null)
      faults.push({ kind: 'structure', says: `has no ${name}`, shown: answeredMember(document, name) });
  }
  if (response.clientId !== null && response.clientId !== clientId) {
    faults.push({
      kind: 'identity',
      says: `names itself ${short(response.clientId)}`,
      shown: answeredMember(document, 'client_id'),
    });
  }
  const method = response.tokenEndpointAuthMethod;
  if (method !== null && SHARED_SECRET.has(method)) {
    faults.push({
      kind: 'secret',
      says: `asks for ${method}`,
      shown: answeredMember(document, 'token_endpoint_auth_method'),
    });
  }
  if (Object.hasOwn(response.raw, 'client_secret')) {
    const range = rangeOfMember(exchange.response.body.text, 'client_secret');
    faults.push({
      kind: 'secret',
      says: 'holds a client_secret',
      shown: evidence(exchange, 'response.content', 'client_secret', range),
    });
  }
  return faults;
}
