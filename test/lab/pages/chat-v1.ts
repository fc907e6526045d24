import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { startChat } from './chat.ts';
import { textOf } from './session.ts';

void startChat({
  name: 'chat-v1',
  packageName: '@modelcontextprotocol/sdk',
  open: (settings, authProvider) => {
    const client = new Client({ name: 'laboratory-chat-v1', version: '1.0.0' });
    const transport = new StreamableHTTPClientTransport(new URL(settings.server), { authProvider });
    return {
      connect: () => client.connect(transport as Parameters<Client['connect']>[0]),
      tools: async () => (await client.listTools()).tools,
      call: async (name, input) => {
        const result = await client.callTool({ name, arguments: input });
        return { text: textOf(result.content), failed: result.isError === true };
      },
      finishAuthorization: (response) => transport.finishAuth(response.get('code') ?? ''),
      needsUser: (error) => error instanceof UnauthorizedError,
      close: () => client.close(),
    };
  },
});
