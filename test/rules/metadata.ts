import type { Answer, Traffic } from '../traffic/traffic.ts';
import { ISSUER, PAGE, SERVER } from '../traffic/traffic.ts';

/** The metadata of the builder's MCP server, as its own path has it. */
export const PRM = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
export const ROOT_PRM = 'https://mcp.example.com/.well-known/oauth-protected-resource';
export const ASM = 'https://as.example.com/.well-known/oauth-authorization-server';
export const OPENID = 'https://as.example.com/.well-known/openid-configuration';

const CORS = { 'access-control-allow-origin': '*' } as const;

/** A GET by the page's script; what it gets is JSON unless told otherwise. */
export function get(log: Traffic, url: string, document: object | string | null, answer: Answer = {}): Traffic {
  const body = document === null ? '' : typeof document === 'string' ? document : JSON.stringify(document);
  const headers = { ...CORS, ...answer.headers };
  const type = answer.mimeType ?? 'application/json';
  return log.raw('GET', url, { ...answer, headers, body, mimeType: body === '' ? '' : type }, {}, { origin: PAGE });
}

/** A document that is not there. */
export function missing(log: Traffic, url: string, status = 404): Traffic {
  return get(log, url, null, { status });
}

/** A GET that the recording shows without any answer. */
export function unanswered(log: Traffic, url: string): Traffic {
  return log.raw('GET', url, { status: 0 }, {}, { origin: PAGE });
}

/** Protected resource metadata without fault, and with these members in place of its own. */
export function resource(members: object = {}): object {
  return { resource: SERVER, authorization_servers: [ISSUER], ...members };
}

/** Authorization server metadata without fault, and with these members in place of its own (undefined leaves one out). */
export function issuer(members: object = {}, at = ISSUER): object {
  return {
    issuer: at,
    authorization_endpoint: `${at}/authorize`,
    token_endpoint: `${at}/token`,
    registration_endpoint: `${at}/register`,
    code_challenge_methods_supported: ['S256'],
    client_id_metadata_document_supported: true,
    ...members,
  };
}

/** A 401 to a request without a token that names no metadata. */
export function bare401(log: Traffic, server = SERVER): Traffic {
  return log.call('tools/list', { status: 401, token: null, challenge: 'Bearer', server });
}

/** A 401 that names this metadata URL. */
export function naming401(log: Traffic, url: string, answer: Answer = {}): Traffic {
  return log.call('tools/list', {
    status: 401,
    token: null,
    challenge: `Bearer resource_metadata="${url}"`,
    ...answer,
  });
}

/** The server agrees on 2025-03-26, which no header says. */
export function agreeOnOldest(log: Traffic): Traffic {
  const result = { protocolVersion: '2025-03-26', serverInfo: { name: 'example' } };
  return log.call('initialize', { token: null, body: JSON.stringify({ jsonrpc: '2.0', id: 1, result }) });
}

/** The exchange written last took this long, milliseconds; -1: the recording does not say. */
export function lasting(log: Traffic, time: number): Traffic {
  Object.assign(log.har().log.entries[log.last] ?? {}, { time });
  return log;
}
