import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { startChat } from './chat.ts';
import { textOf } from './session.ts';

void startChat({
  name: 'chat-v2',
  packageName: '@modelcontextprotocol/client',
  open: (settings, authProvider) => {
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
  },
});
