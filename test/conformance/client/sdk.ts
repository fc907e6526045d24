import {
  Client as ClientV2,
  type OAuthClientProvider as ProviderV2,
  StreamableHTTPClientTransport as TransportV2,
} from '@modelcontextprotocol/client';
import type { OAuthClientProvider as ProviderV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Fetch } from './http-recorder.ts';

/** One connection of an official SDK. */
export interface Connection {
  /** Connects, lists the tools and calls `test-tool`. */
  use(): Promise<void>;
  /** Redeems an authorization response. */
  redeem(response: URLSearchParams): Promise<void>;
  close(): Promise<void>;
}

export interface Opening {
  readonly server: URL;
  readonly provider: ProviderV1 & ProviderV2;
  readonly fetch: Fetch;
  /** Whether to speak revision 2026-07-28 (no `initialize`). SDK v1 cannot. */
  readonly stateless: boolean;
}

const identity = { name: 'conformance-client', version: '1.0.0' };
const call = { name: 'test-tool', arguments: {} };

/** Opens a connection by `@modelcontextprotocol/sdk`. */
export function openV1({ server, provider, fetch }: Opening): Connection {
  const client = new ClientV1(identity);
  const transport = new TransportV1(server, { authProvider: provider, fetch });
  return {
    use: async () => {
      await client.connect(transport as Parameters<ClientV1['connect']>[0]);
      await client.listTools();
      await client.callTool(call);
    },
    redeem: (response) => transport.finishAuth(response.get('code') ?? ''),
    close: () => client.close(),
  };
}

/** Opens a connection by `@modelcontextprotocol/client`. */
export function openV2({ server, provider, fetch, stateless }: Opening): Connection {
  const client = new ClientV2(identity, { versionNegotiation: { mode: stateless ? 'auto' : 'legacy' } });
  const transport = new TransportV2(server, { authProvider: provider, fetch });
  return {
    use: async () => {
      await client.connect(transport);
      await client.listTools();
      await client.callTool(call);
    },
    redeem: (response) => transport.finishAuth(response),
    close: () => client.close(),
  };
}
