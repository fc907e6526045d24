import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { McpServer as McpServerV2 } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** The tool that needs the administrator's scopes. */
export const adminTool = 'admin_reset';

const answer = (text: string) => ({ content: [{ type: 'text' as const, text }] });
const whoAmI = (auth: { clientId: string; scopes: string[] } | undefined) =>
  answer(JSON.stringify({ clientId: auth?.clientId, scopes: auth?.scopes }));

/** The laboratory's three tools on the official server SDK v1 (`@modelcontextprotocol/sdk`). */
export function serverV1(): McpServerV1 {
  const server = new McpServerV1({ name: 'laboratory', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Tells which client and scopes the server sees' }, (extra) =>
    whoAmI(extra.authInfo),
  );
  server.registerTool('echo', { description: 'Repeats a text', inputSchema: { text: z.string() } }, ({ text }) =>
    answer(`echo: ${text}`),
  );
  server.registerTool(adminTool, { description: 'Resets everything; needs mcp:admin' }, () =>
    answer('Everything was reset.'),
  );
  return server;
}

/** The same tools on the official server SDK v2 (`@modelcontextprotocol/server`). */
export function serverV2(): McpServerV2 {
  const server = new McpServerV2({ name: 'laboratory', version: '1.0.0' });
  server.registerTool(
    'whoami',
    { description: 'Tells which client and scopes the server sees', inputSchema: z.object({}) },
    (_input, context) => whoAmI(context.http?.authInfo),
  );
  server.registerTool(
    'echo',
    { description: 'Repeats a text', inputSchema: z.object({ text: z.string() }) },
    ({ text }) => answer(`echo: ${text}`),
  );
  server.registerTool(adminTool, { description: 'Resets everything; needs mcp:admin', inputSchema: z.object({}) }, () =>
    answer('Everything was reset.'),
  );
  return server;
}
