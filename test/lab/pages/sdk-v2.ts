import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import type { AuthProvider } from './auth-provider.ts';
import { type McpSession, textOf } from './session.ts';
import type { ChatSettings } from './settings.ts';

/** A connection of SDK v2; it knows nothing of a page, so that it can live in a worker too. */
export function openV2(settings: ChatSettings, authProvider: AuthProvider): McpSession {
  const client = new Client(
    { name: 'laboratory-chat-v2', version: '1.0.0' },
    { versionNegotiation: { mode: settings.negotiation } },
  );
  const transport = new StreamableHTTPClientTransport(new URL(settings.server), { authProvider });
  return {
    connect: () => client.connect(transport),
    tools: async () => (await client.listTools()).tools,
    call: async (name, input) => {
      const result = await client.callTool({ name, arguments: input });
      return { text: textOf(result.content), failed: result.isError === true };
    },
    finishAuthorization: (response) => transport.finishAuth(response),
    needsUser: (error) => error instanceof UnauthorizedError,
    close: () => client.close(),
  };
}
