import { requireBearerAuth as bearerV2 } from '@modelcontextprotocol/express';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth as bearerV1 } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, OAuthError, OAuthErrorCode } from '@modelcontextprotocol/server';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { listen } from './listen.ts';
import { elsewhere, type LabOptions } from './options.ts';
import { adminTool, serverV1, serverV2 } from './tools.ts';

/** A running MCP server, guarded by access tokens of one authorization server. */
export interface McpServer {
  /** The protected resource's identifier and address: `<origin>/mcp`. */
  readonly url: string;
  /** From now on the metadata names this issuer alone, and only its tokens are accepted. Sessions live on. */
  trust(issuer: string): void;
  close(): Promise<void>;
}

interface VerifiedToken {
  token: string;
  clientId: string;
  scopes: string[];
  expiresAt: number;
}

/** Checks signature, issuer, audience and expiry (RFC 9068 section 4); a refusal becomes the SDK's own error. */
function verifier(issuer: string, resource: string, refuse: (message: string) => Error) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  return {
    async verifyAccessToken(token: string): Promise<VerifiedToken> {
      try {
        const { payload } = await jwtVerify(token, keys, { issuer, audience: resource });
        const scope = typeof payload.scope === 'string' ? payload.scope : '';
        return {
          token,
          clientId: String(payload.client_id),
          scopes: scope.split(' ').filter(Boolean),
          expiresAt: payload.exp ?? 0,
        };
      } catch (error) {
        if (error instanceof errors.JWTExpired) throw refuse('The access token expired');
        throw refuse(error instanceof Error ? `Invalid token: ${error.message}` : 'Invalid token');
      }
    },
  };
}

function guards(options: LabOptions, issuer: string, resource: string, resourceMetadataUrl: string) {
  const guard = (requiredScopes: readonly string[]): RequestHandler =>
    options.serverSdk === 'v2'
      ? bearerV2({
          verifier: verifier(issuer, resource, (m) => new OAuthError(OAuthErrorCode.InvalidToken, m)),
          requiredScopes: [...requiredScopes],
          resourceMetadataUrl,
        })
      : bearerV1({
          verifier: verifier(issuer, resource, (m) => new InvalidTokenError(m)),
          requiredScopes: [...requiredScopes],
          resourceMetadataUrl,
        });
  const base = guard(options.baseScopes);
  const admin = guard(options.adminScopes);
  const byTool: RequestHandler = (request, response, next) => {
    const isAdmin = request.body?.method === 'tools/call' && request.body.params?.name === adminTool;
    return (isAdmin ? admin : base)(request, response, next);
  };
  return { base, byTool };
}

function mcpHandlerV2(): RequestHandler {
  const handle = toNodeHandler(createMcpHandler(() => serverV2()));
  return (request, response) => void handle(request, response, request.body);
}

function mcpHandlerV1(): RequestHandler {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  return async (request, response) => {
    let transport = sessions.get(request.get('mcp-session-id') ?? '');
    if (!transport) {
      const opened = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => crypto.randomUUID(),
        onsessioninitialized: (id) => void sessions.set(id, opened),
      });
      await serverV1().connect(opened as Parameters<ReturnType<typeof serverV1>['connect']>[0]);
      transport = opened;
    }
    await transport.handleRequest(request, response, request.body);
  };
}

function resourceApp(origin: string, options: LabOptions, issuer: string, handle: RequestHandler): Express {
  const resource = `${origin}/mcp`;
  const metadataPath = '/.well-known/oauth-protected-resource/mcp';
  const { base, byTool } = guards(options, issuer, resource, origin + metadataPath);
  const app = express();
  app.disable('x-powered-by');
  const exposedHeaders = ['Mcp-Session-Id', 'Mcp-Protocol-Version'];
  if (options.exposeChallenge) exposedHeaders.push('WWW-Authenticate');
  app.use(cors({ origin: '*', exposedHeaders }));
  app.get(metadataPath, (_request, response) => {
    response.json({
      resource: options.metadataResource === 'own' ? resource : elsewhere.resource,
      authorization_servers: [issuer],
      ...(options.scopesSupported ? { scopes_supported: options.scopesSupported } : {}),
      bearer_methods_supported: ['header'],
      resource_name: 'Laboratory MCP server',
    });
  });
  app.use(express.json());
  app.get('/api/data', base, (_request, response) => void response.json({ rows: [1, 2, 3] }));
  app.all('/mcp', byTool, handle);
  return app;
}

/**
 * Starts the MCP server on the loopback interface: Streamable HTTP at `/mcp`, protected resource metadata
 * (RFC 9728) beside it, and an ordinary guarded API at `/api/data` for pages that are no MCP clients.
 *
 * @param port where to listen; 0 takes a free one
 */
export async function startMcpServer(options: LabOptions, issuer: string, port = 0): Promise<McpServer> {
  const handle = options.serverSdk === 'v2' ? mcpHandlerV2() : mcpHandlerV1();
  let app: Express;
  const { origin, close } = await listen((own) => {
    app = resourceApp(own, options, issuer, handle);
    return (request, response) => app(request, response);
  }, port);
  const trust = (other: string) => {
    app = resourceApp(origin, options, other, handle);
  };
  return { url: `${origin}/mcp`, trust, close };
}
